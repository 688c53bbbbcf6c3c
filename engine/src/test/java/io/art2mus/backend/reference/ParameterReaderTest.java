package io.art2mus.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes as they stand in a file: little-endian, at odd addresses. */
class ParameterReaderTest {
    @Test
    void everyTypeIsRead() {
        assertThat(read(DType.F32, Shape.of(2), "0000c0bf 0000004b")).containsExactly(-1.5, 0x1p23);
        assertThat(read(DType.F64, Shape.of(1), "9a9999999999b93f")).containsExactly(0.1);
        assertThat(read(DType.BF16, Shape.of(3), "c0bf 004b 80ff"))
                .containsExactly(-1.5, 0x1p23, Double.NEGATIVE_INFINITY);
        assertThat(read(DType.F16, Shape.of(4), "00be ff7b 0100 0080")).containsExactly(-1.5, 65504, 0x1p-24, -0.0);
        assertThat(read(DType.I32, Shape.of(1), "feffffff")).containsExactly(-2);
        assertThat(read(DType.I64, Shape.of(1), "feffffffffffffff")).containsExactly(-2);
    }

    @Test
    void viewsAreReadAlongTheirStrides() {
        Parameter matrix = Parameter.contiguous(
                "m", DType.F32, Shape.of(2, 3), MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6}));
        assertThat(ParameterReader.read(matrix.transposed()).data()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(ParameterReader.read(matrix.transposed().rows(1, 2)).data()).containsExactly(2, 5, 3, 6);
        assertThat(ParameterReader.read(new Parameter("m", DType.F32, Shape.of(2, 2), List.of(0L, 2L), matrix.data()))
                        .data())
                .containsExactly(1, 3, 1, 3);
    }

    private static double[] read(DType dtype, Shape shape, String hex) {
        byte[] bytes = HexFormat.of().parseHex("ff" + hex.replace(" ", ""));
        MemorySegment odd = MemorySegment.ofArray(bytes).asSlice(1);
        return ParameterReader.read(Parameter.contiguous("p", dtype, shape, odd))
                .data();
    }
}
