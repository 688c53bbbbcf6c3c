package io.art2mus.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the entries of a zip archive lie that stores them uncompressed, each beginning on a multiple of 64 bytes as PyTorch aligns
 * them, and the records around them. Dates are the format's first day: the same content is the same file.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the format, sections 4.3 to 4.5</a>
 */
final class StoredZipLayout {
    private static final int LOCAL_BYTES = 30;
    private static final int EXTRA_BYTES = 4;
    private static final int ALIGNMENT = 64;
    private static final long SEE_ZIP64 = 0xffff_ffffL;
    private static final int SEE_ZIP64_COUNT = 0xffff;

    private static final short PLAIN_VERSION = 20;
    private static final short ZIP64_VERSION = 45;
    private static final short UTF8_NAME = 1 << 11;
    private static final short FIRST_DAY = 1 << 5 | 1;
    private static final short ZIP64_FIELD = 1;
    /** The field with which PyTorch fills the room before an entry. */
    private static final short PADDING_FIELD = 'F' | 'B' << 8;

    /**
     * One entry.
     *
     * @param name its path in the archive
     * @param header where its local header begins
     * @param offset where its bytes begin
     * @param length how many they are
     */
    record Entry(String name, long header, long offset, long length) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Entry, Integer> checksums = new ConcurrentHashMap<>();
    private long end;

    /** The next entry; an {@link IllegalArgumentException} from 4 GiB on, which needs other headers. */
    Entry append(String name, long length) {
        if (length >= SEE_ZIP64) {
            throw new IllegalArgumentException(name + " has " + length + " bytes, more than an entry takes");
        }
        long least = end + LOCAL_BYTES + bytes(name).length + EXTRA_BYTES;
        long offset = Math.ceilDiv(least, ALIGNMENT) * ALIGNMENT;
        Entry entry = new Entry(name, end, offset, length);
        entries.add(entry);
        end = offset + length;
        return entry;
    }

    /** Where the directory begins. */
    long end() {
        return end;
    }

    /** The local header of an entry, once the CRC-32 of its bytes is known. */
    ByteBuffer header(Entry entry, int checksum) {
        checksums.put(entry, checksum);
        byte[] name = bytes(entry.name());
        int padding = (int) (entry.offset() - entry.header()) - LOCAL_BYTES - name.length;
        ByteBuffer header = little((int) (entry.offset() - entry.header()));
        header.putInt(0x04034b50).putShort(PLAIN_VERSION);
        describe(header, entry, name);
        header.putShort((short) padding).put(name);
        header.putShort(PADDING_FIELD).putShort((short) (padding - EXTRA_BYTES));
        return header.rewind();
    }

    /** The fields that local header and directory share, from the flags to the length of the name. */
    private void describe(ByteBuffer record, Entry entry, byte[] name) {
        record.putShort(UTF8_NAME).putShort((short) 0).putShort((short) 0).putShort(FIRST_DAY);
        record.putInt(checksums.getOrDefault(entry, 0));
        record.putInt((int) entry.length()).putInt((int) entry.length()).putShort((short) name.length);
    }

    /** Everything behind the entries, once all their headers are written. */
    ByteBuffer directory() {
        int size = entries.stream().mapToInt(StoredZipLayout::centralBytes).sum();
        ByteBuffer directory = little(size + 56 + 20 + 22);
        entries.forEach(entry -> central(directory, entry));
        boolean large = end >= SEE_ZIP64 || entries.size() >= SEE_ZIP64_COUNT;
        if (large) {
            zip64End(directory, size);
        }
        short count = (short) (large ? SEE_ZIP64_COUNT : entries.size());
        directory.putInt(0x06054b50).putInt(0).putShort(count).putShort(count);
        directory.putInt(size).putInt((int) Math.min(end, SEE_ZIP64)).putShort((short) 0);
        return directory.flip();
    }

    private static int centralBytes(Entry entry) {
        return 46 + bytes(entry.name()).length + (isFar(entry) ? EXTRA_BYTES + Long.BYTES : 0);
    }

    private static boolean isFar(Entry entry) {
        return entry.header() >= SEE_ZIP64;
    }

    private void central(ByteBuffer directory, Entry entry) {
        byte[] name = bytes(entry.name());
        boolean far = isFar(entry);
        short version = far ? ZIP64_VERSION : PLAIN_VERSION;
        directory.putInt(0x02014b50).putShort(version).putShort(version);
        describe(directory, entry, name);
        directory.putShort((short) (far ? EXTRA_BYTES + Long.BYTES : 0));
        // No comment, first volume, no attributes.
        directory.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        directory.putInt((int) Math.min(entry.header(), SEE_ZIP64)).put(name);
        if (far) {
            directory.putShort(ZIP64_FIELD).putShort((short) Long.BYTES).putLong(entry.header());
        }
    }

    private void zip64End(ByteBuffer directory, long size) {
        directory.putInt(0x06064b50).putLong(44).putShort(ZIP64_VERSION).putShort(ZIP64_VERSION);
        directory.putInt(0).putInt(0).putLong(entries.size()).putLong(entries.size());
        directory.putLong(size).putLong(end);
        directory.putInt(0x07064b50).putInt(0).putLong(end + size).putInt(1);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
