package io.art2mus.cli.verify;

import io.art2mus.ffi.cuda.DeviceMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Float16 numbers for measuring: zeros would draw less power than numbers do, and let clocks rise. */
final class Noise {
    private static final long BLOCK = 1 << 20;

    private Noise() {}

    /** Overwrites the first {@code bytes} with numbers between −1 and 1, the same every time. */
    static void fill(DeviceMemory memory, long bytes) {
        SplittableRandom random = new SplittableRandom(1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(Math.min(BLOCK, bytes));
            for (long offset = 0; offset < block.byteSize(); offset += Short.BYTES) {
                block.set(ValueLayout.JAVA_SHORT, offset, Float.floatToFloat16((float) random.nextDouble(-1, 1)));
            }
            for (long offset = 0; offset < bytes; offset += block.byteSize()) {
                memory.upload(offset, block.asSlice(0, Math.min(block.byteSize(), bytes - offset)));
            }
        }
    }
}
