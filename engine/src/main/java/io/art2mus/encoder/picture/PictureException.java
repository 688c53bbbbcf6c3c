package io.art2mus.encoder.picture;

import java.io.Serial;
import java.nio.file.Path;

/** A picture that cannot be used: which file, why, and what to do. */
public final class PictureException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * @param file the picture
     * @param fault what is wrong with it
     * @param remedy what the user can do
     */
    PictureException(Path file, String fault, String remedy) {
        super(file + " " + fault + "; " + remedy);
    }

    /** As above, with the decoder's own failure kept as the cause. */
    PictureException(Path file, String fault, String remedy, Throwable cause) {
        super(file + " " + fault + "; " + remedy, cause);
    }
}
