package io.art2mus.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A zip archive as PyTorch lays it out, written by hand so that every field can lie. */
final class TorchBytes {
    /** Offsets of fields in a central directory entry. */
    static final int FLAGS = 8;

    static final int METHOD = 10;
    static final int PACKED_SIZE = 20;
    static final int SIZE = 24;
    static final int LOCAL_HEADER = 42;

    private record Entry(String name, ByteBuffer data, ByteBuffer extra) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Integer> locals = new ArrayList<>();
    private final List<Integer> centrals = new ArrayList<>();
    private int directory;
    private int end;
    private ByteBuffer zip = ByteBuffer.allocate(0);

    /** An archive of a pickle and of storage {@code 0}. */
    static TorchBytes of(byte[] pickle, byte[] storage) {
        return new TorchBytes()
                .entry("w/data.pkl", pickle)
                .entry("w/byteorder", "little".getBytes(StandardCharsets.US_ASCII))
                .entry("w/data/0", storage)
                .write();
    }

    /** An archive of one honest tensor {@code w}, [2], float32. */
    static TorchBytes honest() {
        return of(PickleBytes.stateDict(2, 0, new long[] {2}, new long[] {1}), SafetensorsBytes.floats(1, 2));
    }

    TorchBytes entry(String name, byte[] data) {
        return entry(name, data, new byte[0]);
    }

    /** An entry whose directory record has an extra field. */
    TorchBytes entry(String name, byte[] data, byte[] extra) {
        entries.add(new Entry(name, ByteBuffer.wrap(data), ByteBuffer.wrap(extra)));
        return this;
    }

    TorchBytes write() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            locals.add(out.size());
            out.writeBytes(little(30)
                    .putInt(0x04034b50)
                    .putShort(6, (short) 0x800)
                    .putInt(18, entry.data().capacity())
                    .putInt(22, entry.data().capacity())
                    .putShort(26, (short) name.length)
                    .array());
            out.writeBytes(name);
            out.writeBytes(entry.data().array());
        }
        directory = out.size();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            centrals.add(out.size());
            out.writeBytes(little(46)
                    .putInt(0x02014b50)
                    .putShort(FLAGS, (short) 0x800)
                    .putInt(PACKED_SIZE, entry.data().capacity())
                    .putInt(SIZE, entry.data().capacity())
                    .putShort(28, (short) name.length)
                    .putShort(30, (short) entry.extra().capacity())
                    .putInt(LOCAL_HEADER, locals.get(i))
                    .array());
            out.writeBytes(name);
            out.writeBytes(entry.extra().array());
        }
        end = out.size();
        out.writeBytes(little(22)
                .putInt(0x06054b50)
                .putShort(8, (short) entries.size())
                .putShort(10, (short) entries.size())
                .putInt(12, end - directory)
                .putInt(16, directory)
                .array());
        zip = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Overwrites 16 bits of an entry's directory record. */
    TorchBytes central16(int entry, int field, int value) {
        zip.putShort(centrals.get(entry) + field, (short) value);
        return this;
    }

    /** Overwrites 32 bits of an entry's directory record. */
    TorchBytes central32(int entry, int field, long value) {
        zip.putInt(centrals.get(entry) + field, (int) value);
        return this;
    }

    /** Overwrites 16 bits of an entry's local header. */
    TorchBytes local16(int entry, int field, int value) {
        zip.putShort(locals.get(entry) + field, (short) value);
        return this;
    }

    /** Overwrites 32 bits of an entry's local header. */
    TorchBytes local32(int entry, int field, long value) {
        zip.putInt(locals.get(entry) + field, (int) value);
        return this;
    }

    /** Overwrites 16 bits of the end record. */
    TorchBytes end16(int field, int value) {
        zip.putShort(end + field, (short) value);
        return this;
    }

    /** Overwrites 32 bits of the end record. */
    TorchBytes end32(int field, long value) {
        zip.putInt(end + field, (int) value);
        return this;
    }

    /** Puts a zip64 end record and its locator before the end record. */
    TorchBytes zip64(long count, long size, long offset, long recordAt) {
        byte[] before = new byte[end];
        zip.get(0, before);
        ByteBuffer grown = little(end + 56 + 20 + 22).put(before);
        grown.putInt(0x06064b50).putLong(44).putInt(0).putInt(0).putInt(0);
        grown.putLong(count).putLong(count).putLong(size).putLong(offset);
        grown.putInt(0x07064b50).putInt(0).putLong(recordAt).putInt(1);
        byte[] endRecord = new byte[22];
        zip.get(end, endRecord);
        grown.put(endRecord);
        zip = grown;
        end += 56 + 20;
        return this;
    }

    int directory() {
        return directory;
    }

    int end() {
        return end;
    }

    int local(int entry) {
        return locals.get(entry);
    }

    byte[] bytes() {
        return zip.array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
