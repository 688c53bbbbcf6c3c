package io.art2mus.diffusion;

import java.io.Serial;

/** A number of steps that a sampler cannot take: which sampler, what it can, and what was asked for, in one line. */
public final class StepCountException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    StepCountException(String message) {
        super(message);
    }
}
