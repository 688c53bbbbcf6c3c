package io.art2mus.encoder.picture;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * The picture front end of ImageBind: shorter side to 224 pixels with Pillow's bicubic, centre crop, then each channel's
 * mean taken off and divided by its deviation. The result equals torchvision's in every bit, except that EXIF's orientation
 * is honoured and alpha is flattened on white.
 */
public final class PictureFrontEnd {
    /** Height and width of the result, pixels. */
    public static final int SIDE = 224;

    private static final int CHANNELS = 3;
    private static final double[] MEAN = {0.48145466, 0.4578275, 0.40821073};
    private static final double[] DEVIATION = {0.26862954, 0.26130258, 0.27577711};

    private PictureFrontEnd() {}

    /**
     * Reads a picture file.
     *
     * @param file JPEG, PNG, WebP, TIFF, GIF (first frame) or BMP
     * @param arena owner of the result
     * @return {@code [1, 3, 224, 224]}, float32, normalised
     * @throws PictureException if the file is no picture, is damaged, cut short, or too large
     */
    public static HostTensor read(Path file, Arena arena) {
        byte[] square = square(file, PictureReader.WHOLE_PIXELS);
        HostTensor pixels = HostTensor.allocate(arena, Shape.of(1, CHANNELS, SIDE, SIDE));
        int area = SIDE * SIDE;
        for (int channel = 0; channel < CHANNELS; channel++) {
            float mean = (float) MEAN[channel];
            float deviation = (float) DEVIATION[channel];
            for (int position = 0; position < area; position++) {
                float value = (square[position * CHANNELS + channel] & 0xff) / 255f;
                pixels.set((long) channel * area + position, (value - mean) / deviation);
            }
        }
        return pixels;
    }

    /** The resized and cropped picture, 8-bit {@code [224, 224, 3]}; above {@code wholePixels} it is decoded in pieces. */
    static byte[] square(Path file, long wholePixels) {
        try (PictureReader picture = PictureReader.open(file, wholePixels)) {
            return resize(picture);
        }
    }

    private static byte[] resize(PictureReader picture) {
        int width = picture.width();
        int height = picture.height();
        Orientation orientation = picture.orientation();
        if (orientation.transposed()) {
            SquareResize resize = new SquareResize(height, width, SIDE);
            picture.readRows((y, rgb) -> {
                reverseIf(orientation.flipped(), rgb);
                resize.column(orientation.mirrored() ? height - 1 - y : y, rgb);
            });
            return resize.finish();
        }
        SquareResize resize = new SquareResize(width, height, SIDE);
        picture.readRows((y, rgb) -> {
            reverseIf(orientation.mirrored(), rgb);
            resize.row(orientation.flipped() ? height - 1 - y : y, rgb);
        });
        return resize.finish();
    }

    private static void reverseIf(boolean wanted, byte[] rgb) {
        if (!wanted) {
            return;
        }
        for (int left = 0, right = rgb.length - CHANNELS; left < right; left += CHANNELS, right -= CHANNELS) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                byte kept = rgb[left + channel];
                rgb[left + channel] = rgb[right + channel];
                rgb[right + channel] = kept;
            }
        }
    }
}
