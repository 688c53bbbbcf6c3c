package io.art2mus.train;

import java.io.Serial;

/** A setting that no training can have: which option it is, and what it may be, in one line. */
public final class SettingsException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * @param option without its dashes
     * @param problem what it is and what it may be, such as {@code is 0, expected 1 to 1000}
     */
    SettingsException(String option, String problem) {
        super(option + " " + problem);
    }
}
