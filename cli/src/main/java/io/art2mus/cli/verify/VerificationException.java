package io.art2mus.cli.verify;

import java.io.Serial;

/** A GPU cannot be verified: what is missing and what to do, in one line. */
final class VerificationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    VerificationException(String message) {
        super(message);
    }
}
