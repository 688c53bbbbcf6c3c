package io.art2mus.encoder.picture;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import javax.imageio.stream.ImageInputStream;

/**
 * Holds a file against the length that its own header declares, for the two formats whose decoders do not: they fill what
 * is missing of a WebP or a BMP with noise or black.
 */
final class DeclaredLength {
    private static final int RIFF = 0x52494646;
    private static final int BITMAP = 0x424d;
    private static final int BITMAP_HEADER_BYTES = 54;

    private DeclaredLength() {}

    /** Throws where the file is shorter than it says; the stream's position and byte order are left as they were. */
    static void require(ImageInputStream in) throws IOException {
        ByteOrder order = in.getByteOrder();
        in.mark();
        try {
            in.seek(0);
            in.setByteOrder(ByteOrder.BIG_ENDIAN);
            int start = in.readInt();
            in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
            if (start == RIFF) {
                requireLength(in, 2 * Integer.BYTES + in.readUnsignedInt());
            } else if (start >>> 16 == BITMAP && in.length() >= BITMAP_HEADER_BYTES) {
                requireBitmap(in);
            }
        } finally {
            in.setByteOrder(order);
            in.reset();
        }
    }

    private static void requireBitmap(ImageInputStream in) throws IOException {
        in.seek(10);
        long pixels = in.readUnsignedInt();
        in.skipBytes(Integer.BYTES);
        long width = in.readInt();
        long height = Math.abs((long) in.readInt());
        in.skipBytes(Short.BYTES);
        int bitsPerPixel = in.readUnsignedShort();
        boolean compressed = in.readInt() != 0;
        if (!compressed && width > 0) {
            long rowBytes = (width * bitsPerPixel + 31) / 32 * Integer.BYTES;
            requireLength(in, pixels + rowBytes * height);
            if (rowBytes * height > Integer.MAX_VALUE) {
                // The decoder finds a row by an int.
                throw new IOException("a BMP of more than 2 GiB");
            }
        }
    }

    private static void requireLength(ImageInputStream in, long declared) throws IOException {
        if (in.length() >= 0 && in.length() < declared) {
            throw new EOFException("%d bytes of %d are there".formatted(in.length(), declared));
        }
    }
}
