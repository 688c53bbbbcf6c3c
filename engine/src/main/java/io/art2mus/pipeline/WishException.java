package io.art2mus.pipeline;

import java.io.Serial;

/** A wish that cannot be granted by anyone: which part of it, and what it may be, in one line. */
public final class WishException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * @param part the component of {@link Wish} that is wrong
     * @param problem what it is and what it may be, such as {@code is 0, expected 1 to 1000}
     */
    WishException(String part, String problem) {
        super(part + " " + problem);
    }
}
