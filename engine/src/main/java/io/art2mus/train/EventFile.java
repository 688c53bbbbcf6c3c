package io.art2mus.train;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file that TensorBoard draws: {@code Event} messages of TensorFlow's {@code event.proto}, each framed as a TFRecord (its length, the
 * length's masked CRC-32C, the message, and the message's). A record that a crash cut short is the last, and TensorBoard passes it over.
 */
public final class EventFile implements Closeable {
    private static final int RECORD_OVERHEAD = Long.BYTES + 2 * Integer.BYTES;
    private static final int CRC_MASK = 0xa282ead8;

    private final FileChannel channel;

    /**
     * Begins a file, or goes on with one.
     *
     * @param seconds since 1970, of the first event
     */
    public EventFile(Path file, double seconds) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (channel.size() == 0) {
            write(EventMessage.version(seconds));
        }
    }

    /** Appends a number to a curve. */
    public void scalar(double seconds, long step, String tag, float value) {
        append(EventMessage.scalar(seconds, step, tag, value));
    }

    /** Appends a picture. */
    public void picture(double seconds, long step, String tag, int width, int height, byte[] png) {
        append(EventMessage.picture(seconds, step, tag, width, height, png));
    }

    private void append(byte[] event) {
        try {
            write(event);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void write(byte[] event) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(RECORD_OVERHEAD + event.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(event.length);
        frame.putInt(maskedCrc(frame.array(), 0, Long.BYTES));
        frame.put(event);
        frame.putInt(maskedCrc(event, 0, event.length));
        frame.flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /** Rotated and shifted by a constant, since a checksum of data that hold checksums is weak. */
    static int maskedCrc(byte[] bytes, int offset, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + CRC_MASK;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
