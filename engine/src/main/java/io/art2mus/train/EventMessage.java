package io.art2mus.train;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Messages of TensorFlow's {@code event.proto} and {@code summary.proto}, of which three kinds are written; numbers of fields are theirs.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">how a protocol buffer is encoded</a>
 */
final class EventMessage {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;
    private static final int RGB = 3;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** The first event of a file. */
    static byte[] version(double seconds) {
        return new EventMessage()
                .real(1, seconds)
                .text(3, "brain.Event:2")
                .bytes
                .toByteArray();
    }

    /** A number at a step. */
    static byte[] scalar(double seconds, long step, String tag, float value) {
        return summary(seconds, step, new EventMessage().text(1, tag).real(2, value));
    }

    /** A picture at a step. */
    static byte[] picture(double seconds, long step, String tag, int width, int height, byte[] png) {
        EventMessage picture = new EventMessage()
                .whole(1, height)
                .whole(2, width)
                .whole(3, RGB)
                .run(4, png);
        return summary(seconds, step, new EventMessage().text(1, tag).run(4, picture.bytes.toByteArray()));
    }

    private static byte[] summary(double seconds, long step, EventMessage value) {
        EventMessage summary = new EventMessage().run(1, value.bytes.toByteArray());
        return new EventMessage()
                .real(1, seconds)
                .whole(2, step)
                .run(5, summary.bytes.toByteArray())
                .bytes
                .toByteArray();
    }

    private EventMessage text(int field, String text) {
        return run(field, text.getBytes(StandardCharsets.UTF_8));
    }

    private EventMessage run(int field, byte[] run) {
        key(field, LENGTH_DELIMITED);
        varint(run.length);
        bytes.writeBytes(run);
        return this;
    }

    private EventMessage whole(int field, long number) {
        key(field, VARINT);
        varint(number);
        return this;
    }

    private EventMessage real(int field, double number) {
        key(field, FIXED_64);
        bytes.writeBytes(littleEndian(Double.BYTES).putDouble(number).array());
        return this;
    }

    private EventMessage real(int field, float number) {
        key(field, FIXED_32);
        bytes.writeBytes(littleEndian(Float.BYTES).putFloat(number).array());
        return this;
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void key(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    /** Seven bits a byte, the lowest first; the highest bit says that more follow. */
    private void varint(long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
