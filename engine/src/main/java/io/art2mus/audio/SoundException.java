package io.art2mus.audio;

import java.io.Serial;

/** A waveform that cannot be used, or a sound file that cannot be written: what, why, and what to do. */
public final class SoundException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * @param fault what is wrong, and with what
     * @param remedy what the user can do
     */
    public SoundException(String fault, String remedy) {
        super(fault + "; " + remedy);
    }

    /** As above, with the failure beneath it. */
    public SoundException(String fault, String remedy, Throwable cause) {
        super(fault + "; " + remedy, cause);
    }
}
