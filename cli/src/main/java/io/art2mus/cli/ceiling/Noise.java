package io.art2mus.cli.ceiling;

import io.art2mus.backend.Bfloat16;
import io.art2mus.backend.Precision;
import io.art2mus.ffi.cuda.DeviceMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Numbers for measuring: zeros would draw less power than numbers do, and let clocks rise. */
final class Noise {
    private static final long BLOCK = 1 << 20;

    private Noise() {}

    /** Overwrites the first {@code bytes} with numbers between −1 and 1, the same every time. */
    static void fill(DeviceMemory memory, long bytes, Precision precision) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(Math.min(BLOCK, bytes), Float.BYTES);
            write(block, precision);
            for (long offset = 0; offset < bytes; offset += block.byteSize()) {
                memory.upload(offset, block.asSlice(0, Math.min(block.byteSize(), bytes - offset)));
            }
        }
    }

    private static void write(MemorySegment block, Precision precision) {
        SplittableRandom random = new SplittableRandom(1);
        long count = block.byteSize() / precision.bytes();
        for (long i = 0; i < count; i++) {
            float number = (float) random.nextDouble(-1, 1);
            switch (precision) {
                case F32 -> block.setAtIndex(ValueLayout.JAVA_FLOAT, i, number);
                case F16 -> block.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(number));
                case BF16 -> block.setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.fromFloat(number));
            }
        }
    }
}
