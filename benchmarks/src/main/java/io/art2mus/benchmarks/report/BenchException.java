package io.art2mus.benchmarks.report;

import java.io.Serial;

/** A measurement that cannot be made or kept, in one line for the user. */
public final class BenchException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A message of one line, and what it was before. */
    public BenchException(String message, Exception cause) {
        super(message, cause);
    }
}
