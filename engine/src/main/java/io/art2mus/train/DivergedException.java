package io.art2mus.train;

import java.io.Serial;

/** A loss or a gradient that is NaN or infinite: which, and in which update, in one line. The weights are those before it. */
public final class DivergedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    DivergedException(String message) {
        super(message);
    }
}
