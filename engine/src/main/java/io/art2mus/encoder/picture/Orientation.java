package io.art2mus.encoder.picture;

/**
 * How a stored picture is turned to stand upright: the values of EXIF's orientation tag, in the order of their codes 1 to 8.
 *
 * @see <a href="https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E">CIPA DC-008, section 4.6.5</a>
 */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    HALF_TURN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    QUARTER_TURN(true, true, false),
    TRANSVERSED(true, true, true),
    THREE_QUARTER_TURN(true, false, true);

    private final boolean transposed;
    private final boolean mirrored;
    private final boolean flipped;

    /**
     * @param transposed stored rows become columns
     * @param mirrored then columns run from right to left
     * @param flipped then rows run from bottom to top
     */
    Orientation(boolean transposed, boolean mirrored, boolean flipped) {
        this.transposed = transposed;
        this.mirrored = mirrored;
        this.flipped = flipped;
    }

    /** The orientation of an EXIF code; anything but 1 to 8 counts as upright, as viewers have it. */
    static Orientation ofExif(int code) {
        return code >= 1 && code <= values().length ? values()[code - 1] : UPRIGHT;
    }

    /** Whether stored rows become columns. */
    boolean transposed() {
        return transposed;
    }

    /** Whether the upright picture's columns run against the stored ones (rows, where transposed). */
    boolean mirrored() {
        return mirrored;
    }

    /** Whether the upright picture's rows run against the stored ones (columns, where transposed). */
    boolean flipped() {
        return flipped;
    }
}
