package io.art2mus.train;

import java.io.Serial;

/** A training that cannot begin, go on or be saved: where, why and what to do, in one line. */
public final class TrainingException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    TrainingException(String message) {
        super(message);
    }

    TrainingException(String message, Throwable cause) {
        super(message, cause);
    }
}
