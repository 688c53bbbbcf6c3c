package io.art2mus.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What letting go of pages costs: memory, and never a byte. */
final class MappedPagesTest {
    private static final int BYTES = 64 << 20;

    @TempDir
    private Path folder;

    @Test
    void releasedPagesLeaveTheProcessAndReadTheSame() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = map(arena, FileChannel.MapMode.READ_ONLY);
            long before = sum(mapped);
            long resident = residentFileBytes();

            assertThat(MappedPages.release(mapped)).isTrue();

            long left = resident - residentFileBytes();
            System.out.printf("released %d of %d mapped bytes%n", left, BYTES);
            assertThat(left).isGreaterThan(BYTES * 9L / 10);
            assertThat(sum(mapped)).isEqualTo(before);
        }
    }

    @Test
    void aSliceIsReleasedWithItsNeighboursIntact() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = map(arena, FileChannel.MapMode.READ_ONLY);
            long before = sum(mapped);
            assertThat(MappedPages.release(mapped.asSlice(4097, 12_345))).isTrue();
            assertThat(MappedPages.release(mapped.asSlice(BYTES - 1, 1))).isTrue();
            assertThat(sum(mapped)).isEqualTo(before);
        }
    }

    @Test
    void memoryThatIsNoFileIsLeftAlone() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = arena.allocate(8192);
            own.fill((byte) 7);
            assertThat(MappedPages.release(own)).isFalse();
            assertThat(MappedPages.release(own.asReadOnly())).isFalse();
            assertThat(own.get(ValueLayout.JAVA_BYTE, 4096)).isEqualTo((byte) 7);
            assertThat(MappedPages.release(MemorySegment.ofArray(new byte[8192])))
                    .isFalse();
            assertThat(MappedPages.release(map(arena, FileChannel.MapMode.PRIVATE)))
                    .isFalse();
        }
    }

    @Test
    void aFileThatWasUnmappedIsLeftAlone() throws IOException {
        MemorySegment mapped;
        try (Arena arena = Arena.ofConfined()) {
            mapped = map(arena, FileChannel.MapMode.READ_ONLY);
        }
        assertThat(MappedPages.release(mapped)).isFalse();
    }

    private MemorySegment map(Arena arena, FileChannel.MapMode mode) throws IOException {
        Path file = folder.resolve("file");
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i += 997) {
            bytes[i] = (byte) i;
        }
        Files.write(file, bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(mode, 0, BYTES, arena);
        }
    }

    private static long sum(MemorySegment bytes) {
        long sum = 0;
        for (long at = 0; at < bytes.byteSize(); at += Long.BYTES) {
            sum = 31 * sum + bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        }
        return sum;
    }

    private static long residentFileBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssFile:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
