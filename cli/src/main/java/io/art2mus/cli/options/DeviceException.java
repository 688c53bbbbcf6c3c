package io.art2mus.cli.options;

import java.io.Serial;

/** A device that this machine or this version does not have: which, why, what to do. */
final class DeviceException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    DeviceException(String message) {
        super(message);
    }
}
