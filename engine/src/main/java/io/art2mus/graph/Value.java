package io.art2mus.graph;

/**
 * A tensor of a computation: an input, a parameter, or what one operation makes. It has a shape and no memory; a plan gives
 * it some.
 *
 * @param id position in the graph's numbering, unique within one graph
 * @param shape extents; activations are channels-last, {@code [N, H, W, C]} or {@code [N, L, C]}
 * @param kind what its elements mean
 */
public record Value(int id, Shape shape, Kind kind) {
    /** What a tensor's elements mean; how real numbers are stored is the plan's choice. */
    public enum Kind {
        /** Real numbers in the plan's precision. */
        REAL,
        /** Real numbers in float32 whatever the plan's precision: what is trained, its gradients, and the loss. */
        FLOAT32,
        /** Positions in a table, int32. */
        INDEX
    }
}
