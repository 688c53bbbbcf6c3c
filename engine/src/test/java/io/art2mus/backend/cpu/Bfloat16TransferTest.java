package io.art2mus.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.backend.Bfloat16;
import io.art2mus.graph.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Bfloat16TransferTest {
    private static final int LENGTH = 62;

    private final Bfloat16Transfer transfer = new Bfloat16Transfer(LENGTH);
    private final HostRow row = new HostRow(LENGTH);
    private final Random random = new Random(1);

    @Test
    void floatsAreRoundedToNearestInTheirOrder() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate((LENGTH + 2) * 2L, 64);
            for (int i = 0; i < LENGTH; i++) {
                row.floats[i] = i % 7 == 0 ? tie(i) : (float) random.nextGaussian();
            }
            transfer.write(row, result, 2, LENGTH);

            assertThat(result.getAtIndex(ValueLayout.JAVA_INT, 0)).isZero();
            for (int i = 0; i < LENGTH; i++) {
                assertThat(result.getAtIndex(ValueLayout.JAVA_SHORT, i + 2L))
                        .isEqualTo(Bfloat16.fromFloat(row.floats[i]));
            }
        }
    }

    @Test
    void whatIsReadAndDoubledIsWrittenInItsOrder() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(LENGTH * 2L, 64);
            for (int i = 0; i < LENGTH; i++) {
                data.setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.fromFloat((float) random.nextGaussian()));
            }
            transfer.read(data, 0, row, LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                row.floats[i] *= 2;
            }
            MemorySegment doubled = arena.allocate(LENGTH * 2L, 64);
            transfer.writeAsRead(row, doubled, 0, LENGTH);

            for (int i = 0; i < LENGTH; i++) {
                float read = (float) DType.BF16.read(data, i);
                assertThat((float) DType.BF16.read(doubled, i)).isEqualTo(2 * read);
            }
        }
    }

    /** Half-way between two numbers of bfloat16, of either sign. */
    private static float tie(int i) {
        return Float.intBitsToFloat((i % 2 == 0 ? 0x3f80_8000 : 0xbf81_8000) + (i << 16));
    }
}
