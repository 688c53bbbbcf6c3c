package io.art2mus.checkpoint;

import io.art2mus.graph.Shape;

/**
 * A tensor of a checkpoint that is still to be made.
 *
 * @param name its path in the model
 * @param shape extents in PyTorch's order
 * @param filling what its elements are
 */
record NewTensor(String name, Shape shape, Filling filling) {
    /** A tensor whose filling follows from its name. */
    static NewTensor of(String name, long... extents) {
        Shape shape = Shape.of(extents);
        return new NewTensor(name, shape, Initialisation.of(name, shape));
    }
}
