package io.art2mus.encoder.picture;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import javax.imageio.stream.ImageInputStream;

/**
 * Finds the orientation tag of a picture's EXIF block, where JPEG, PNG, WebP and TIFF keep it. A block that is damaged or
 * absent means upright: no picture is refused for it.
 */
final class ExifOrientation {
    private static final int JPEG_START = 0xffd8;
    private static final int JPEG_SCAN = 0xffda;
    private static final int JPEG_APP1 = 0xffe1;
    private static final int PNG_START = 0x89504e47;
    private static final int PNG_EXIF = 0x65584966;
    private static final int PNG_END = 0x49454e44;
    private static final int RIFF = 0x52494646;
    private static final int WEBP = 0x57454250;
    private static final int WEBP_EXIF = 0x45584946;
    private static final int EXIF = 0x45786966;
    private static final int LITTLE_ENDIAN_TIFF = 0x49492a00;
    private static final int BIG_ENDIAN_TIFF = 0x4d4d002a;

    private static final int ORIENTATION_TAG = 0x0112;
    private static final int SHORT = 3;

    private ExifOrientation() {}

    /** The orientation that the file asks for; the stream's position and byte order are left as they were. */
    static Orientation of(ImageInputStream in) throws IOException {
        ByteOrder order = in.getByteOrder();
        in.mark();
        try {
            return find(in);
        } catch (EOFException _) {
            return Orientation.UPRIGHT;
        } finally {
            in.setByteOrder(order);
            in.reset();
        }
    }

    private static Orientation find(ImageInputStream in) throws IOException {
        in.setByteOrder(ByteOrder.BIG_ENDIAN);
        in.seek(0);
        int start = in.readInt();
        if (start >>> 16 == JPEG_START) {
            return inJpeg(in);
        }
        return switch (start) {
            case PNG_START -> inPng(in);
            case RIFF -> inWebp(in);
            case LITTLE_ENDIAN_TIFF, BIG_ENDIAN_TIFF -> inTiff(in, 0);
            default -> Orientation.UPRIGHT;
        };
    }

    private static Orientation inJpeg(ImageInputStream in) throws IOException {
        in.seek(2);
        while (true) {
            int marker = in.readUnsignedShort();
            if (marker <= 0xff00 || marker == JPEG_SCAN) {
                return Orientation.UPRIGHT;
            }
            if (marker == 0xffff) {
                in.seek(in.getStreamPosition() - 1);
                continue;
            }
            long end = in.getStreamPosition() + in.readUnsignedShort();
            if (marker == JPEG_APP1 && in.readInt() == EXIF && in.readUnsignedShort() == 0) {
                return inTiff(in, in.getStreamPosition());
            }
            in.seek(end);
        }
    }

    private static Orientation inPng(ImageInputStream in) throws IOException {
        in.seek(8);
        while (true) {
            long length = in.readUnsignedInt();
            int type = in.readInt();
            if (type == PNG_EXIF) {
                return inTiff(in, in.getStreamPosition());
            }
            if (type == PNG_END) {
                return Orientation.UPRIGHT;
            }
            in.seek(in.getStreamPosition() + length + Integer.BYTES);
        }
    }

    private static Orientation inWebp(ImageInputStream in) throws IOException {
        in.seek(8);
        if (in.readInt() != WEBP) {
            return Orientation.UPRIGHT;
        }
        while (true) {
            int type = in.readInt();
            in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
            long length = in.readUnsignedInt();
            in.setByteOrder(ByteOrder.BIG_ENDIAN);
            if (type == WEBP_EXIF) {
                return inTiff(in, in.getStreamPosition());
            }
            in.seek(in.getStreamPosition() + length + (length & 1));
        }
    }

    private static Orientation inTiff(ImageInputStream in, long base) throws IOException {
        in.seek(base);
        int start = in.readInt();
        if (start != LITTLE_ENDIAN_TIFF && start != BIG_ENDIAN_TIFF) {
            return Orientation.UPRIGHT;
        }
        in.setByteOrder(start == LITTLE_ENDIAN_TIFF ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        in.seek(base + in.readUnsignedInt());
        int entries = in.readUnsignedShort();
        for (int entry = 0; entry < entries; entry++) {
            int tag = in.readUnsignedShort();
            int type = in.readUnsignedShort();
            in.skipBytes(Integer.BYTES);
            int value = in.readUnsignedShort();
            in.skipBytes(Short.BYTES);
            if (tag == ORIENTATION_TAG) {
                return Orientation.ofExif(type == SHORT ? value : 0);
            }
        }
        return Orientation.UPRIGHT;
    }
}
