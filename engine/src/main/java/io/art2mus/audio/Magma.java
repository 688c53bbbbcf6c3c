package io.art2mus.audio;

/**
 * The colour map magma: from black through purple to pale yellow, of even steps to the eye and of rising lightness, so that it also
 * reads in grey and to most who see colours otherwise. Every fifteenth of its 256 colours is kept; what lies between them comes
 * within 3 of 255.
 *
 * @see <a href="https://bids.github.io/colormap/">Smith, van der Walt and Firing 2015, released under CC0</a>
 */
final class Magma {
    private static final int[] COLOURS = {
        0x000004, 0x090720, 0x1a1042, 0x311165, 0x4a1079, 0x621980, 0x792282, 0x912b81, 0xaa337d,
        0xc23b75, 0xd9466b, 0xec5860, 0xf7725c, 0xfc8e64, 0xfeaa74, 0xfec68a, 0xfde2a3, 0xfcfdbf
    };

    private Magma() {}

    /** The colour, {@code 0xRRGGBB}, of a value of 0 … 1; what is beyond has the colour of the end. */
    static int rgb(double value) {
        double position = Math.clamp(value, 0, 1) * (COLOURS.length - 1);
        int index = Math.min((int) position, COLOURS.length - 2);
        double share = position - index;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int here = COLOURS[index] >> shift & 0xff;
            int next = COLOURS[index + 1] >> shift & 0xff;
            rgb |= (int) Math.round(here + (next - here) * share) << shift;
        }
        return rgb;
    }
}
