package io.art2mus.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.DType;
import io.art2mus.graph.Shape;
import io.art2mus.weights.WeightWriter.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ElementsTest {
    private static final int COUNT = 1_000_000;
    private static final NewTensor TENSOR = new NewTensor("w", Shape.of(COUNT), new Filling.Normal(3, 0.5));

    private static MemorySegment bytes(Arena arena, DType dtype, long seed) {
        MemorySegment all = arena.allocate((long) COUNT * dtype.bytes());
        Elements.of(TENSOR, "file", dtype, seed).fill(0, all);
        return all;
    }

    @Test
    void elementsHaveTheMeanDeviationAndTailsOfANormalDistribution() {
        try (Arena arena = Arena.ofConfined()) {
            float[] values = bytes(arena, DType.F32, 1).toArray(ValueLayout.JAVA_FLOAT);
            double sum = 0;
            double squares = 0;
            double fourths = 0;
            double neighbours = 0;
            double before = 0;
            for (float value : values) {
                double z = (value - 3) / 0.5;
                sum += z;
                squares += z * z;
                fourths += z * z * z * z;
                neighbours += z * before;
                before = z;
            }
            double mean = sum / COUNT;
            double variance = squares / COUNT;
            double kurtosis = fourths / COUNT;
            double correlation = neighbours / COUNT;
            System.out.printf(
                    "random elements: mean %.4f, variance %.4f, fourth moment %.3f (normal: 3), correlation %.4f%n",
                    mean, variance, kurtosis, correlation);
            assertThat(mean).isBetween(-0.005, 0.005);
            assertThat(variance).isBetween(0.995, 1.005);
            // Of a sum of four: 3 − 6/5/4.
            assertThat(kurtosis).isBetween(2.67, 2.73);
            assertThat(correlation).isBetween(-0.005, 0.005);
        }
    }

    @Test
    void anyPartIsThePartOfTheWhole() {
        try (Arena arena = Arena.ofConfined()) {
            for (DType dtype : new DType[] {DType.F32, DType.F16, DType.BF16}) {
                MemorySegment all = bytes(arena, dtype, 5);
                Bytes elements = Elements.of(TENSOR, "file", dtype, 5);
                long offset = 12_346L * dtype.bytes();
                MemorySegment part = arena.allocate(1_001L * dtype.bytes());
                elements.fill(offset, part);
                assertThat(part.mismatch(all.asSlice(offset, part.byteSize()))).isEqualTo(-1);
            }
        }
    }

    @Test
    void shorterTypesHoldTheNearestNumbers() {
        try (Arena arena = Arena.ofConfined()) {
            float[] floats = bytes(arena, DType.F32, 5).toArray(ValueLayout.JAVA_FLOAT);
            short[] halves = bytes(arena, DType.F16, 5).toArray(ValueLayout.JAVA_SHORT);
            short[] brains = bytes(arena, DType.BF16, 5).toArray(ValueLayout.JAVA_SHORT);
            for (int i = 0; i < 10_000; i++) {
                assertThat(Math.abs(Float.float16ToFloat(halves[i]) - floats[i]))
                        .isLessThanOrEqualTo(Math.ulp(floats[i]) * (1 << 12));
                assertThat(Math.abs(Float.intBitsToFloat(brains[i] << 16) - floats[i]))
                        .isLessThanOrEqualTo(Math.ulp(floats[i]) * (1 << 15));
            }
        }
    }

    @Test
    void tensorsSeedsAndFilesDiffer() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = bytes(arena, DType.F32, 1);
            assertThat(bytes(arena, DType.F32, 2).mismatch(one)).isNotEqualTo(-1);
            MemorySegment other = arena.allocate(one.byteSize());
            Elements.of(TENSOR, "another file", DType.F32, 1).fill(0, other);
            assertThat(other.mismatch(one)).isNotEqualTo(-1);
        }
    }
}
