package io.art2mus.weights;

import java.nio.file.Path;

/** A checkpoint that cannot be used. The message is one line: what is wrong, in which file, what to do. */
public final class WeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Longest part of a message that a file may have written itself. */
    private static final int LONGEST = 400;

    /**
     * @param what what is wrong, naming the parameter or the key
     * @param file where; the message shows the file and its folder
     * @param remedy what to do
     */
    public WeightsException(String what, Path file, String remedy) {
        super(message(what, file, remedy));
    }

    /** As above, keeping the failure underneath. */
    public WeightsException(String what, Path file, String remedy, Throwable cause) {
        super(message(what, file, remedy), cause);
    }

    private static String message(String what, Path file, String remedy) {
        int names = file.getNameCount();
        Path shown = names > 2 ? file.subpath(names - 2, names) : file;
        return printable(what) + " (" + printable(shown.toString()) + "); " + remedy;
    }

    /** Names come from files: no line break, no terminal escape, no megabyte of text gets into a message. */
    private static String printable(String text) {
        StringBuilder line = new StringBuilder();
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        cut.codePoints()
                .map(point -> Character.isWhitespace(point) ? ' ' : point)
                .map(point -> isPrintable(point) ? point : '\uFFFD')
                .forEach(line::appendCodePoint);
        return line.toString();
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
