package io.art2mus.ffi.onednn;

import static io.art2mus.ffi.onednn.MemoryDescriptor.channelsLast;
import static io.art2mus.ffi.onednn.MemoryDescriptor.plain;
import static io.art2mus.ffi.onednn.MemoryDescriptor.strided;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataMovementTest {
    @Test
    void reorderTransposesStridedRowsExactly() {
        int rows = 7;
        int columns = 5;
        int pitch = 11;
        float[] x = Workbench.random(DataType.F32, rows * pitch, 1);
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor src = strided(DataType.F32, new long[] {rows, columns}, new long[] {pitch, 1});
            MemoryDescriptor dst = strided(DataType.F32, new long[] {rows, columns}, new long[] {1, rows});
            MemorySegment result = bench.buffer(dst.bytes());
            bench.run(
                    new Reorder(src, dst, PrimitiveAttributes.PLAIN).create(bench.engine),
                    Map.of(
                            Argument.SRC, bench.memory(src, bench.buffer(DataType.F32, x)),
                            Argument.DST, bench.memory(dst, result)));
            float[] actual = Workbench.values(DataType.F32, result, rows * columns);
            for (int i = 0; i < actual.length; i++) {
                assertThat(actual[i]).isEqualTo(x[i % rows * pitch + i / rows]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16"})
    void halfTypesWidenExactly(DataType type) {
        float[] x = {0, 1, -1.5f, 0.00390625f, 65504 / 2f, -0.25f, 3};
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor src = plain(type, x.length);
            MemoryDescriptor dst = plain(DataType.F32, x.length);
            MemorySegment narrow = bench.buffer(type, x);
            MemorySegment result = bench.buffer(dst.bytes());
            Primitive reorder = new Reorder(src, dst, PrimitiveAttributes.PLAIN).create(bench.engine);
            bench.run(
                    reorder, Map.of(Argument.SRC, bench.memory(src, narrow), Argument.DST, bench.memory(dst, result)));
            assertThat(Workbench.values(DataType.F32, result, x.length))
                    .isEqualTo(Workbench.values(type, narrow, x.length));
        }
    }

    /** A skip connection joins the decoder: channels of two operands side by side. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void concatJoinsChannelsExactly(DataType type) {
        int positions = 15;
        float[] x = Workbench.random(type, positions * 7, 1);
        float[] y = Workbench.random(type, positions * 13, 2);
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor first = channelsLast(type, 1, 7, 5, 3);
            MemoryDescriptor second = channelsLast(type, 1, 13, 5, 3);
            MemoryDescriptor dst = channelsLast(type, 1, 20, 5, 3);
            MemorySegment result = bench.buffer(dst.bytes());
            bench.run(
                    new Concat(List.of(first, second), dst, 1, PrimitiveAttributes.PLAIN).create(bench.engine),
                    Map.of(
                            Argument.source(0),
                            bench.memory(first, bench.buffer(type, x)),
                            Argument.source(1),
                            bench.memory(second, bench.buffer(type, y)),
                            Argument.DST,
                            bench.memory(dst, result)));
            float[] actual = Workbench.values(type, result, positions * 20);
            for (int i = 0; i < actual.length; i++) {
                int channel = i % 20;
                float expected = channel < 7 ? x[i / 20 * 7 + channel] : y[i / 20 * 13 + channel - 7];
                assertThat(actual[i]).isEqualTo(expected);
            }
        }
    }

    /** The decoder's up-sampling by 2, on odd extents. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void nearestResamplingRepeatsPositionsExactly(DataType type) {
        int channels = 19;
        float[] x = Workbench.random(type, 15 * channels, 1);
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor src = channelsLast(type, 1, channels, 5, 3);
            MemoryDescriptor dst = channelsLast(type, 1, channels, 10, 6);
            MemorySegment result = bench.buffer(dst.bytes());
            bench.run(
                    new Resampling(src, dst, PrimitiveAttributes.PLAIN).create(bench.engine),
                    Map.of(
                            Argument.SRC, bench.memory(src, bench.buffer(type, x)),
                            Argument.DST, bench.memory(dst, result)));
            float[] actual = Workbench.values(type, result, 60 * channels);
            for (int i = 0; i < actual.length; i++) {
                int position = i / channels;
                int source = position / 6 / 2 * 3 + position % 6 / 2;
                assertThat(actual[i]).isEqualTo(x[source * channels + i % channels]);
            }
        }
    }
}
