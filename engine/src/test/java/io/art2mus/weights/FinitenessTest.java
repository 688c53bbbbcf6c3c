package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinitenessTest {
    @TempDir
    private Path folder;

    private static boolean isFinite(DType dtype, byte[] data) {
        Shape shape = Shape.of(data.length / dtype.bytes());
        return Finiteness.isFinite(Parameter.contiguous("w", dtype, shape, MemorySegment.ofArray(data)));
    }

    @Test
    void everyHalfPrecisionPatternIsJudgedAsJavaJudgesIt() {
        byte[] data = new byte[7 * Short.BYTES];
        MemorySegment segment = MemorySegment.ofArray(data);
        for (int place = 0; place < 7; place++) {
            for (int bits = 0; bits < 1 << Short.SIZE; bits++) {
                segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, (long) place * Short.BYTES, (short) bits);
                assertThat(isFinite(DType.F16, data)).isEqualTo(Float.isFinite(Float.float16ToFloat((short) bits)));
                assertThat(isFinite(DType.BF16, data)).isEqualTo(Float.isFinite(Float.intBitsToFloat(bits << 16)));
            }
            segment.fill((byte) 0);
        }
    }

    @Test
    void everyPlaceOfSinglePrecisionIsLookedAt() {
        float[] judged = {
            0,
            -0f,
            Float.MIN_VALUE,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY
        };
        for (int place = 0; place < 5; place++) {
            for (float value : judged) {
                float[] floats = {-1, 1, 0, -Float.MAX_VALUE, 1e-40f};
                floats[place] = value;
                assertThat(isFinite(DType.F32, SafetensorsBytes.floats(floats))).isEqualTo(Float.isFinite(value));
            }
        }
    }

    @Test
    void doublesAreLookedAtAndIntegersAreNot() {
        byte[] ones = new byte[8];
        Arrays.fill(ones, (byte) 0xff);
        assertThat(isFinite(DType.F64, ones)).isFalse();
        assertThat(isFinite(DType.F64, new byte[8])).isTrue();
        assertThat(isFinite(DType.I64, ones)).isTrue();
        assertThat(isFinite(DType.I32, ones)).isTrue();
    }

    @Test
    void parameterWithNanIsRefusedByName() {
        Path path = SafetensorsBytes.write(
                folder.resolve("w.safetensors"),
                SafetensorsBytes.of(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                        SafetensorsBytes.floats(1, Float.NaN)));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> file.tree().parameter("w", Shape.of(2)))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("w holds NaN or infinity")
                    .hasMessageContaining("w.safetensors");
        }
    }
}
