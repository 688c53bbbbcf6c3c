package io.art2mus.backend.cpu;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.MemoryPlan;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A plan's repacked parameters as an earlier process kept them, in one file that is mapped. A plan that finds any of its own missing
 * writes the file again, with what it found and what it made.
 *
 * <p>The file begins with a table: how many bytes it takes, a count, then a description, an offset and a length each, big-endian. The
 * bytes of each follow on multiples of {@link MemoryPlan#ALIGNMENT}. That they are whole is the cache's affair.
 */
final class RepackedWeights {
    /** To be raised when the table, or what is written under the same description, changes. */
    private static final int FORMAT = 1;

    /** What is kept for other lengths of text or sound is rewritten too, but not without bound. */
    private static final int MOST_TIMES_OWN = 2;

    private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final UserCache cache;
    private final String name;
    private final Map<String, MemorySegment> found;
    private final Map<String, MemorySegment> own = new LinkedHashMap<>();
    private boolean complete = true;

    private RepackedWeights(UserCache cache, String name, Map<String, MemorySegment> found) {
        this.cache = cache;
        this.name = name;
        this.found = found;
    }

    /**
     * What was kept under a key, as far as it can be read.
     *
     * @param key all that the bytes depend on, but for their descriptions
     * @param arena the plan's; owns the mapping
     */
    static RepackedWeights open(UserCache cache, String key, Arena arena) {
        String name = UserCache.nameOf("repacked " + FORMAT + "\n" + key);
        Map<String, MemorySegment> found = cache.find(CacheKind.WEIGHTS, name)
                .map(file -> read(file, arena))
                .orElse(Map.of());
        return new RepackedWeights(cache, name, found);
    }

    /** The bytes of this description, mapped; empty where they were not kept. */
    Optional<MemorySegment> find(String description, long bytes) {
        MemorySegment kept = found.get(description);
        if (kept == null || kept.byteSize() != bytes) {
            complete = false;
            return Optional.empty();
        }
        own.put(description, kept);
        return Optional.of(kept);
    }

    /** Notes bytes that were not found; they must last until {@link #keep}. */
    void add(String description, MemorySegment bytes) {
        own.put(description, bytes);
    }

    /** Writes what was not found; a disk that is full costs no more than time. */
    void keep() {
        if (complete) {
            return;
        }
        Map<String, MemorySegment> all = new LinkedHashMap<>(own);
        found.forEach(all::putIfAbsent);
        boolean modest = bytes(all) <= MOST_TIMES_OWN * bytes(own);
        cache.replace(CacheKind.WEIGHTS, name, out -> write(modest ? all : own, out));
    }

    private static long bytes(Map<String, MemorySegment> segments) {
        return segments.values().stream().mapToLong(MemorySegment::byteSize).sum();
    }

    private static void write(Map<String, MemorySegment> segments, OutputStream out) throws IOException {
        long tableBytes = Long.BYTES + Integer.BYTES;
        for (String description : segments.keySet()) {
            tableBytes += Short.BYTES + description.length() + 2L * Long.BYTES;
        }
        DataOutputStream data = new DataOutputStream(out);
        data.writeLong(tableBytes);
        data.writeInt(segments.size());
        long offset = aligned(tableBytes);
        for (Map.Entry<String, MemorySegment> segment : segments.entrySet()) {
            data.writeUTF(segment.getKey());
            data.writeLong(offset);
            data.writeLong(segment.getValue().byteSize());
            offset = aligned(offset + segment.getValue().byteSize());
        }
        pad(data, tableBytes);
        for (MemorySegment segment : segments.values()) {
            copy(segment, data);
            pad(data, segment.byteSize());
        }
    }

    private static void copy(MemorySegment segment, OutputStream out) throws IOException {
        byte[] block = new byte[1 << 20];
        for (long at = 0; at < segment.byteSize(); at += block.length) {
            int length = Math.toIntExact(Math.min(block.length, segment.byteSize() - at));
            MemorySegment.copy(segment, at, MemorySegment.ofArray(block), 0, length);
            out.write(block, 0, length);
        }
    }

    private static void pad(OutputStream out, long written) throws IOException {
        out.write(new byte[Math.toIntExact(aligned(written) - written)]);
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, MemoryPlan.ALIGNMENT) * MemoryPlan.ALIGNMENT;
    }

    /** Every bound is checked against the file; one that contradicts itself holds nothing. */
    private static Map<String, MemorySegment> read(Path file, Arena arena) {
        Map<String, MemorySegment> found = new LinkedHashMap<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long tableBytes = mapped.byteSize() < Long.BYTES ? 0 : mapped.get(BIG_ENDIAN_LONG, 0);
            if (tableBytes < Long.BYTES || tableBytes > Math.min(mapped.byteSize(), Integer.MAX_VALUE)) {
                return Map.of();
            }
            DataInputStream table = new DataInputStream(new ByteArrayInputStream(
                    mapped.asSlice(Long.BYTES, tableBytes - Long.BYTES).toArray(ValueLayout.JAVA_BYTE)));
            for (int left = table.readInt(); left > 0; left--) {
                String description = table.readUTF();
                long offset = table.readLong();
                found.put(description, mapped.asSlice(offset, table.readLong(), MemoryPlan.ALIGNMENT));
            }
            return found;
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException damaged) {
            return Map.of();
        }
    }
}
