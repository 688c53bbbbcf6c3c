package io.art2mus.encoder.picture;

import java.awt.color.ColorSpace;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * Decoded samples of any layout as 8-bit RGB. Colour profiles are not applied, for the reference does not either: grey is
 * repeated, CMYK is multiplied out, 16 bits lose their lower half, alpha is flattened on white.
 */
final class RgbConversion {
    private static final int OPAQUE = 255;

    private final Layout layout;
    private final int bands;
    private final boolean premultiplied;
    private final int[] bits;
    private final int[] palette;
    private int[] samples = {};

    private enum Layout {
        PALETTE,
        GREY,
        GREY_ALPHA,
        RGB,
        RGB_ALPHA,
        CMYK
    }

    /**
     * @param model of the decoded picture
     * @param bands samples a pixel
     * @throws IOException if the layout is none that pictures have
     */
    RgbConversion(ColorModel model, int bands) throws IOException {
        this.bands = bands;
        layout = layout(model, bands);
        premultiplied = model.isAlphaPremultiplied();
        bits = model.getComponentSize();
        palette = palette(model);
    }

    private static Layout layout(ColorModel model, int bands) throws IOException {
        if (model instanceof IndexColorModel) {
            return Layout.PALETTE;
        }
        if (model.getTransferType() == DataBuffer.TYPE_FLOAT || model.getTransferType() == DataBuffer.TYPE_DOUBLE) {
            throw new IOException("its samples are floating-point numbers");
        }
        if (bands == 4 && model.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
            return Layout.CMYK;
        }
        return switch (bands) {
            case 1 -> Layout.GREY;
            case 2 -> Layout.GREY_ALPHA;
            case 3 -> Layout.RGB;
            case 4 -> Layout.RGB_ALPHA;
            default -> throw new IOException("it has " + bands + " samples a pixel");
        };
    }

    private static int[] palette(ColorModel model) {
        if (!(model instanceof IndexColorModel indexed)) {
            return new int[0];
        }
        int[] colours = new int[indexed.getMapSize()];
        indexed.getRGBs(colours);
        return colours;
    }

    /**
     * Converts one row.
     *
     * @param raster decoded samples
     * @param y the row, in the raster's own coordinates
     * @param rgb {@code [raster.getWidth(), 3]}, overwritten
     */
    void row(Raster raster, int y, byte[] rgb) {
        int width = raster.getWidth();
        samples = raster.getPixels(raster.getMinX(), y, width, 1, samples.length == width * bands ? samples : null);
        int to = 0;
        for (int from = 0; from < samples.length; from += bands) {
            int colour = pixel(from);
            rgb[to++] = (byte) (colour >> 16);
            rgb[to++] = (byte) (colour >> 8);
            rgb[to++] = (byte) colour;
        }
    }

    /** The pixel whose first sample stands at {@code from}, as 0xRRGGBB. */
    private int pixel(int from) {
        return switch (layout) {
            case PALETTE -> paletteColour(samples[from]);
            case GREY -> eightBits(from, 0) * 0x010101;
            case GREY_ALPHA -> onWhite(eightBits(from, 0) * 0x010101, eightBits(from, 1), premultiplied);
            case RGB -> threeSamples(from);
            case RGB_ALPHA -> onWhite(threeSamples(from), eightBits(from, 3), premultiplied);
            case CMYK -> multipliedOut(threeSamples(from), eightBits(from, 3));
        };
    }

    private int paletteColour(int index) {
        // A damaged file may point past its palette; decoders show black there.
        int colour = index < palette.length ? palette[index] : OPAQUE << 24;
        return onWhite(colour & 0xffffff, colour >>> 24, false);
    }

    private int threeSamples(int from) {
        return eightBits(from, 0) << 16 | eightBits(from, 1) << 8 | eightBits(from, 2);
    }

    private int eightBits(int from, int band) {
        int sample = samples[from + band];
        int size = bits[band];
        if (size >= 8) {
            return sample >>> (size - 8) & 0xff;
        }
        int most = (1 << size) - 1;
        return (sample * 255 + most / 2) / most;
    }

    private static int onWhite(int colour, int alpha, boolean premultiplied) {
        if (alpha == OPAQUE) {
            return colour;
        }
        int flat = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int value = colour >> shift & 0xff;
            int weighted = premultiplied ? value : divideBy255(value * alpha);
            flat = flat << 8 | Math.min(weighted + OPAQUE - alpha, OPAQUE);
        }
        return flat;
    }

    private static int multipliedOut(int cmy, int black) {
        int light = 255 - black;
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            colour = colour << 8 | Math.max(light - divideBy255((cmy >> shift & 0xff) * light), 0);
        }
        return colour;
    }

    private static int divideBy255(int product) {
        return (product + 127) / 255;
    }
}
