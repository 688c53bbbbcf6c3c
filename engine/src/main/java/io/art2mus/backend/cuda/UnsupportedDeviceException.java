package io.art2mus.backend.cuda;

import java.io.Serial;

/** A GPU that is not there or cannot be used: which, why, and what to choose instead, in one line. */
public final class UnsupportedDeviceException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    UnsupportedDeviceException(String message) {
        super(message);
    }
}
