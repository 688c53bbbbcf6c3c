package io.art2mus.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directory of a zip archive whose entries are all stored, not compressed, so that each is a span of the mapped file.
 * Only what PyTorch's writer produces is read; every field that is said twice must be said alike.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the format, sections 4.3 to 4.5</a>
 */
final class StoredZip {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final long LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final long END64_SIGNATURE = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final long CENTRAL_SIGNATURE = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;
    private static final long LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;

    /** "See the zip64 field" in a field of 32 bits, and in one of 16. */
    private static final long SEE_ZIP64 = 0xffff_ffffL;

    private static final long SEE_ZIP64_COUNT = 0xffff;
    private static final int ZIP64_FIELD = 1;
    /** Flags of an entry: its sizes also follow the data; its name is UTF-8. */
    private static final int SIZES_FOLLOW = 1 << 3;

    private static final int UTF8_NAME = 1 << 11;

    private static final int MOST_ENTRIES = 200_000;
    private static final int LONGEST_NAME = 500;

    /**
     * One stored entry.
     *
     * @param header where its local header begins
     * @param offset where its bytes begin, from the file's start
     * @param length how many they are
     */
    record Entry(long header, long offset, long length) {}

    private final MappedFile file;
    private final MemorySegment bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private StoredZip(MappedFile file) {
        this.file = file;
        this.bytes = file.bytes();
    }

    /** Reads and checks the whole directory; entries by name, in its order. */
    static Map<String, Entry> read(MappedFile file) {
        StoredZip zip = new StoredZip(file);
        zip.readDirectory();
        return zip.entries;
    }

    private void readDirectory() {
        long end = file.size() - END_BYTES;
        require(end >= 0 && unsigned(end) == END_SIGNATURE, "the archive does not end with its directory");
        require(unsignedShort(end + 20) == 0, "the archive has a comment");
        require(unsignedShort(end + 4) == 0 && unsignedShort(end + 6) == 0, "the archive is one of several volumes");
        long count = unsignedShort(end + 10);
        require(unsignedShort(end + 8) == count, "the directory counts its entries twice and differently");
        long size = unsigned(end + 12);
        long offset = unsigned(end + 16);
        long locator = end - LOCATOR_BYTES;
        if (locator >= 0 && unsigned(locator) == LOCATOR_SIGNATURE) {
            end = end64(locator, count, size, offset);
            count = bytes.get(LONG, end + 32);
            size = bytes.get(LONG, end + 40);
            offset = bytes.get(LONG, end + 48);
        }
        require(
                offset >= 0 && size >= 0 && offset <= end && size == end - offset,
                "the directory does not lie where the archive says");
        require(count >= 0 && count <= MOST_ENTRIES, "the archive has more than " + MOST_ENTRIES + " entries");
        readEntries(offset, end, count);
        requireNoOverlap();
    }

    /** Where the zip64 end record lies, once it agrees with the plain one. */
    private long end64(long locator, long count, long size, long offset) {
        long end64 = bytes.get(LONG, locator + 8);
        require(unsigned(locator + 4) == 0 && unsigned(locator + 16) == 1, "the archive is one of several volumes");
        require(
                end64 >= 0 && end64 == locator - END64_BYTES && unsigned(end64) == END64_SIGNATURE,
                "the zip64 end record does not lie where the archive says");
        require(
                bytes.get(LONG, end64 + 4) == END64_BYTES - 12 && bytes.get(LONG, end64 + 16) == 0,
                "the zip64 end record is none PyTorch writes");
        require(
                bytes.get(LONG, end64 + 24) == bytes.get(LONG, end64 + 32)
                        && agrees(count, bytes.get(LONG, end64 + 32), SEE_ZIP64_COUNT)
                        && agrees(size, bytes.get(LONG, end64 + 40), SEE_ZIP64)
                        && agrees(offset, bytes.get(LONG, end64 + 48), SEE_ZIP64),
                "the zip64 end record contradicts the plain one");
        return end64;
    }

    private static boolean agrees(long plain, long zip64, long seeZip64) {
        return plain == zip64 || plain == seeZip64;
    }

    private void readEntries(long start, long end, long count) {
        long position = start;
        for (long i = 0; i < count; i++) {
            require(
                    end - position >= CENTRAL_BYTES && unsigned(position) == CENTRAL_SIGNATURE,
                    "entry " + i + " of the directory is none");
            int nameLength = unsignedShort(position + 28);
            int extraLength = unsignedShort(position + 30);
            int commentLength = unsignedShort(position + 32);
            long next = position + CENTRAL_BYTES + nameLength + extraLength + commentLength;
            require(next <= end && nameLength <= LONGEST_NAME, "entry " + i + " leaves the directory");
            String name = text(position + CENTRAL_BYTES, nameLength);
            Entry entry = entry(name, position, position + CENTRAL_BYTES + nameLength, extraLength, start);
            require(entries.put(name, entry) == null, name + " is there twice");
            position = next;
        }
        require(position == end, "the directory has more entries than it counts");
    }

    private Entry entry(String name, long central, long extra, int extraLength, long directory) {
        int flags = unsignedShort(central + 8);
        require((flags & ~(SIZES_FOLLOW | UTF8_NAME)) == 0, name + " is encrypted or otherwise special");
        require(unsignedShort(central + 10) == 0, name + " is compressed");
        long packed = unsigned(central + 20);
        long length = unsigned(central + 24);
        long header = unsigned(central + 42);
        long zip64 = zip64Field(name, extra, extraLength);
        long zip64End = zip64 < 0 ? -1 : zip64 + unsignedShort(zip64 - 2);
        if (length == SEE_ZIP64) {
            length = zip64Value(name, zip64, zip64End);
            zip64 += Long.BYTES;
        }
        if (packed == SEE_ZIP64) {
            packed = zip64Value(name, zip64, zip64End);
            zip64 += Long.BYTES;
        }
        if (header == SEE_ZIP64) {
            header = zip64Value(name, zip64, zip64End);
            zip64 += Long.BYTES;
        }
        require(zip64 == zip64End, name + " has a zip64 field nothing calls for");
        require(packed == length, name + " has two sizes, " + packed + " and " + length);
        return located(name, central, header, length, directory);
    }

    /** Follows the directory to the entry's local header, which must say the same. */
    private Entry located(String name, long central, long header, long length, long directory) {
        require(
                header >= 0 && header <= directory - LOCAL_BYTES && unsigned(header) == LOCAL_SIGNATURE,
                name + " has no header where the directory says");
        int nameLength = unsignedShort(header + 26);
        long offset = header + LOCAL_BYTES + nameLength + unsignedShort(header + 28);
        require(
                length >= 0 && offset <= directory && length <= directory - offset,
                name + " leaves the archive: " + length + " bytes at " + offset);
        int flags = unsignedShort(header + 6);
        boolean alike = unsignedShort(header + 8) == 0
                && flags == unsignedShort(central + 8)
                && nameLength == unsignedShort(central + 28)
                && text(header + LOCAL_BYTES, nameLength).equals(name)
                && localSizeAgrees(unsigned(header + 18), length, flags)
                && localSizeAgrees(unsigned(header + 22), length, flags);
        require(alike, name + " has a header that contradicts the directory");
        return new Entry(header, offset, length);
    }

    private static boolean localSizeAgrees(long size, long length, int flags) {
        return size == length || size == SEE_ZIP64 || (size == 0 && (flags & SIZES_FOLLOW) != 0);
    }

    /** Where the data of the zip64 extra field begins, or -1 where there is none. */
    private long zip64Field(String name, long extra, int extraLength) {
        long position = extra;
        long end = extra + extraLength;
        long found = -1;
        while (position < end) {
            require(end - position >= 4, name + " has a broken extra field");
            long data = position + 4;
            int length = unsignedShort(position + 2);
            require(length <= end - data, name + " has a broken extra field");
            if (unsignedShort(position) == ZIP64_FIELD) {
                require(found < 0, name + " has two zip64 fields");
                found = data;
            }
            position = data + length;
        }
        return found;
    }

    private long zip64Value(String name, long position, long end) {
        require(position >= 0 && end - position >= Long.BYTES, name + " lacks its zip64 field");
        return bytes.get(LONG, position);
    }

    private void requireNoOverlap() {
        List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(entries.entrySet());
        byOffset.sort(Comparator.comparingLong(entry -> entry.getValue().header()));
        long end = 0;
        for (Map.Entry<String, Entry> entry : byOffset) {
            require(entry.getValue().header() >= end, entry.getKey() + " overlaps the entry before it");
            end = entry.getValue().offset() + entry.getValue().length();
        }
    }

    private String text(long offset, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.asSlice(offset, length).asByteBuffer())
                    .toString();
        } catch (CharacterCodingException notText) {
            throw file.damaged("the archive has a name that is no UTF-8");
        }
    }

    private int unsignedShort(long offset) {
        return bytes.get(SHORT, offset) & 0xffff;
    }

    private long unsigned(long offset) {
        return bytes.get(INT, offset) & 0xffff_ffffL;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw file.damaged(otherwise);
        }
    }
}
