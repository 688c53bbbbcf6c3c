package io.art2mus.backend;

import java.io.Serial;

/** A precision that this machine does not compute in: which, why, and what to choose instead, in one line. */
public final class UnsupportedPrecisionException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A message of one line. */
    public UnsupportedPrecisionException(String message) {
        super(message);
    }
}
