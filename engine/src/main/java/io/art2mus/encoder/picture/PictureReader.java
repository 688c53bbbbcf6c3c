package io.art2mus.encoder.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** The first picture of an untrusted file, as rows of 8-bit RGB. */
final class PictureReader implements AutoCloseable {
    /** Pixels that are decoded at once: at most 128 MiB, at eight bytes a pixel. */
    static final long WHOLE_PIXELS = 1L << 24;

    /** Pixels a picture may have: as many as the decoders can count. */
    private static final long MOST_PIXELS = Integer.MAX_VALUE - 2L;

    /** Pixels a byte may stand for in a large picture: PNG reaches 8256 on white pages of one bit. */
    private static final long MOST_PIXELS_PER_BYTE = 10_000;

    static {
        ImageIO.setUseCache(false);
    }

    private final Path file;
    private final ImageInputStream in;
    private final ImageReader reader;
    private final Orientation orientation;
    private final RowDecoder decoder;
    private final long wholePixels;

    private PictureReader(Path file, ImageInputStream in, long wholePixels) throws IOException {
        this.file = file;
        this.in = in;
        this.wholePixels = wholePixels;
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw new PictureException(
                    file, "is not a picture of a known format", "give JPEG, PNG, WebP, TIFF, GIF or BMP");
        }
        reader = readers.next();
        DeclaredLength.require(in);
        orientation = ExifOrientation.of(in);
        decoder = new RowDecoder(reader, in);
        if (width() < 1 || height() < 1) {
            throw new IOException("it has no pixels");
        }
        long pixels = (long) width() * height();
        if (pixels > MOST_PIXELS) {
            throw new PictureException(
                    file,
                    "has %d x %d pixels, more than %d in all".formatted(width(), height(), MOST_PIXELS),
                    "scale it down first");
        }
        if (pixels > WHOLE_PIXELS && pixels / MOST_PIXELS_PER_BYTE > in.length()) {
            // A few bytes would keep the decoder busy for minutes with filling in what is missing.
            throw new PictureException(
                    file,
                    "claims %d x %d pixels in %d bytes".formatted(width(), height(), in.length()),
                    "save or download it again");
        }
    }

    /**
     * Opens a picture file and reads its header.
     *
     * @param wholePixels a picture of more is never held whole
     * @throws PictureException if the file is missing, no picture, damaged or too large
     */
    static PictureReader open(Path file, long wholePixels) {
        requireFile(file);
        try {
            return openStream(file, wholePixels);
        } catch (PictureException refused) {
            throw refused;
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            throw refused(file, failure);
        }
    }

    private static void requireFile(Path file) {
        if (!Files.exists(file)) {
            throw new PictureException(file, "does not exist", "check its name");
        }
        if (!Files.isRegularFile(file)) {
            throw new PictureException(file, "is a directory or a device", "name a picture file");
        }
        if (!Files.isReadable(file)) {
            throw new PictureException(file, "may not be read", "check its permissions");
        }
    }

    private static PictureReader openStream(Path file, long wholePixels) throws IOException {
        ImageInputStream in = ImageIO.createImageInputStream(file.toFile());
        try {
            return new PictureReader(file, in, wholePixels);
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            in.close();
            throw failure;
        }
    }

    /** Columns of the stored picture. */
    int width() {
        return decoder.width();
    }

    /** Rows of the stored picture. */
    int height() {
        return decoder.height();
    }

    /** How the stored picture is turned to stand upright. */
    Orientation orientation() {
        return orientation;
    }

    /**
     * Decodes the picture.
     *
     * @throws PictureException if it is damaged, cut short, or does not fit into memory
     */
    void readRows(RowConsumer rows) {
        try {
            decoder.decode(rows, wholePixels);
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            throw refused(file, failure);
        }
    }

    /** Decoders meet damage with any exception, for their input breaks what they assume, and take a length at its word. */
    private static PictureException refused(Path file, Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof OutOfMemoryError) {
            return new PictureException(file, "does not fit into memory", "scale it down first", failure);
        }
        String detail = root instanceof IOException && root.getMessage() != null
                ? root.getMessage().lines().findFirst().orElse("")
                : root.getClass().getSimpleName();
        return new PictureException(
                file, "is damaged, cut short or unusual (" + detail + ")", "save or download it again", failure);
    }

    @Override
    public void close() {
        reader.dispose();
        try {
            in.close();
        } catch (IOException failure) {
            throw refused(file, failure);
        }
    }
}
