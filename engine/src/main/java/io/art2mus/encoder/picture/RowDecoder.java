package io.art2mus.encoder.picture;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;

/**
 * Drives an image reader so that a picture of any size comes as rows. What fits is decoded in one go. Of what does not,
 * JPEG, GIF and PNG pass through a {@link RowRaster} in a single pass over the file, and the others come in strips: TIFF and
 * BMP reach one without decoding what stands before it, WebP and interlaced PNG decode the file again for each.
 */
final class RowDecoder {
    private static final int PNG_INTERLACE_OFFSET = 28;

    private final ImageReader reader;
    private final int width;
    private final int height;
    private final boolean inRowOrder;
    private boolean endedEarly;

    /**
     * @param reader of the picture's format, without input yet
     * @param in the file
     */
    RowDecoder(ImageReader reader, ImageInputStream in) throws IOException {
        this.reader = reader;
        inRowOrder = writesRows(reader.getFormatName().toLowerCase(Locale.ROOT), in);
        reader.setInput(in, false, true);
        reader.addIIOReadWarningListener((_, warning) -> endedEarly |= warning.startsWith("Truncated File"));
        width = reader.getWidth(0);
        height = reader.getHeight(0);
    }

    private static boolean writesRows(String format, ImageInputStream in) throws IOException {
        return switch (format) {
            case "jpeg", "gif" -> true;
            case "png" -> {
                in.mark();
                in.seek(PNG_INTERLACE_OFFSET);
                boolean plain = in.read() == 0;
                in.reset();
                yield plain;
            }
            default -> false;
        };
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /**
     * Decodes the picture.
     *
     * @param rows takes each row
     * @param wholePixels the most pixels that are held at once
     */
    void decode(RowConsumer rows, long wholePixels) throws IOException {
        if ((long) width * height <= wholePixels) {
            convert(reader.read(0), 0, rows);
        } else if (inRowOrder) {
            decodeRowByRow(rows);
        } else {
            decodeInStrips(rows, (int) Math.max(wholePixels / width, 1));
        }
        if (endedEarly) {
            throw new EOFException("it ends early");
        }
    }

    private void decodeRowByRow(RowConsumer rows) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        if (!types.hasNext()) {
            throw new IOException("its colours are of no known kind");
        }
        ImageTypeSpecifier type = types.next();
        ColorModel model = type.getColorModel();
        SampleModel oneRow = type.getSampleModel(width, 1);
        RgbConversion conversion = new RgbConversion(model, oneRow.getNumBands());
        byte[] rgb = new byte[Math.multiplyExact(width, 3)];
        RowRaster raster = new RowRaster(oneRow, height, (y, row) -> {
            conversion.row(row, 0, rgb);
            rows.row(y, rgb);
        });
        ImageReadParam parameters = reader.getDefaultReadParam();
        parameters.setDestination(new BufferedImage(model, raster, model.isAlphaPremultiplied(), null));
        reader.read(0, parameters);
    }

    private void decodeInStrips(RowConsumer rows, int stripHeight) throws IOException {
        ImageReadParam parameters = reader.getDefaultReadParam();
        for (int top = 0; top < height; top += stripHeight) {
            parameters.setSourceRegion(new Rectangle(0, top, width, Math.min(stripHeight, height - top)));
            convert(reader.read(0, parameters), top, rows);
        }
    }

    private static void convert(BufferedImage image, int top, RowConsumer rows) throws IOException {
        Raster raster = image.getRaster();
        RgbConversion conversion = new RgbConversion(image.getColorModel(), raster.getNumBands());
        byte[] rgb = new byte[Math.multiplyExact(raster.getWidth(), 3)];
        for (int y = 0; y < raster.getHeight(); y++) {
            conversion.row(raster, raster.getMinY() + y, rgb);
            rows.row(top + y, rgb);
        }
    }
}
