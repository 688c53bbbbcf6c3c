package io.art2mus.graph;

import java.io.Serial;

/** Operands that do not fit an operation: where in the model, which operation, and the shapes. */
public final class ShapeException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A message of one line. */
    public ShapeException(String message) {
        super(message);
    }
}
