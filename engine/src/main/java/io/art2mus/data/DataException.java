package io.art2mus.data;

import io.art2mus.provenance.PrintableText;
import java.io.Serial;
import java.nio.file.Path;

/** Data that cannot be trained with. The message is one line: where, what is wrong, what to do. */
public final class DataException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Longest part of a message that a file may have written itself. */
    private static final int LONGEST = 400;

    /**
     * @param file where
     * @param what what is wrong with it
     * @param remedy what to do
     */
    DataException(Path file, String what, String remedy) {
        super(message(file, what, remedy));
    }

    /** As above, keeping the failure underneath. */
    DataException(Path file, String what, String remedy, Throwable cause) {
        super(message(file, what, remedy), cause);
    }

    private static String message(Path file, String what, String remedy) {
        String cut = what.length() > LONGEST ? what.substring(0, LONGEST) + "…" : what;
        return PrintableText.of(file.toString()) + ": " + PrintableText.of(cut) + "; " + remedy;
    }
}
