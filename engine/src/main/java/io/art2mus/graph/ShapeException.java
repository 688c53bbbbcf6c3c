package io.art2mus.graph;

import java.io.Serial;

/** Extents that no tensor has, or operands that do not fit an operation; a graph builder says where in the model. */
public final class ShapeException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A message of one line. */
    public ShapeException(String message) {
        super(message);
    }
}
