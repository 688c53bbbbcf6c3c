package io.art2mus.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterTest {
    /** 0 … 11 in four rows of three. */
    private static final Parameter MATRIX =
            Parameter.contiguous("h.0.weight", DType.F32, Shape.of(4, 3), MemorySegment.ofArray(new float[] {
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
            }));

    @Test
    void rowsShareTheirBytesAndStartAtTheFirst() {
        Parameter rows = MATRIX.rows(1, 2);
        assertThat(rows.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(rows.isContiguous()).isTrue();
        assertThat(rows.data().address()).isEqualTo(MATRIX.data().address() + 3 * Float.BYTES);
    }

    @Test
    void transposingExchangesExtentsAndStrides() {
        Parameter transposed = MATRIX.transposed();
        assertThat(transposed.shape()).isEqualTo(Shape.of(3, 4));
        assertThat(transposed.strides()).containsExactly(1L, 3L);
        assertThat(transposed.isContiguous()).isFalse();
        assertThat(transposed.transposed()).isEqualTo(MATRIX);
    }

    @Test
    void axesStandInAnyOrderAndRowsSayWhereTheyBegin() {
        Parameter cube = MATRIX.reshaped(Shape.of(2, 2, 3));
        Parameter turned = cube.permuted(2, 0, 1);
        assertThat(turned.shape()).isEqualTo(Shape.of(3, 2, 2));
        assertThat(turned.strides()).containsExactly(1L, 6L, 3L);
        assertThat(turned.rowStart(5)).isEqualTo(2 + 6);
        assertThat(turned.permuted(1, 2, 0)).isEqualTo(cube);
    }

    @Test
    void rowsOfATransposedMatrixAreColumns() {
        Parameter columns = MATRIX.transposed().rows(2, 1);
        assertThat(columns.shape()).isEqualTo(Shape.of(1, 4));
        assertThat(columns.data().address()).isEqualTo(MATRIX.data().address() + 2 * Float.BYTES);
    }

    @Test
    void reshapingNeedsAParameterWithoutGapsAndAsManyElements() {
        assertThat(MATRIX.reshaped(Shape.of(2, 6, 1)).strides()).containsExactly(6L, 1L, 1L);
        assertThatThrownBy(() -> MATRIX.reshaped(Shape.of(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("h.0.weight [4, 3] of strides [3, 1] cannot be seen as [5]");
        assertThatThrownBy(() -> MATRIX.transposed().reshaped(Shape.of(12)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("h.0.weight [3, 4] of strides [1, 3] cannot be seen as [12]");
        assertThatThrownBy(() -> MATRIX.transposed().reshaped(Shape.of(4, 3)))
                .hasMessage("h.0.weight [3, 4] of strides [1, 3] cannot be seen as [4, 3]");
    }

    @Test
    void aParameterWithGapsGainsAndLosesAxesOfOne() {
        Parameter convolution = MATRIX.transposed().reshaped(Shape.of(3, 1, 4));
        assertThat(convolution.strides()).containsExactly(1L, 1L, 3L);
        assertThat(convolution.reshaped(Shape.of(3, 4))).isEqualTo(MATRIX.transposed());
    }

    @Test
    void strideOfAnAxisOfOneMakesNoGap() {
        assertThat(strided(Shape.of(1, 3), List.of(7L, 1L)).isContiguous()).isTrue();
        assertThat(strided(Shape.of(2, 3), List.of(7L, 1L)).isContiguous()).isFalse();
    }

    @Test
    void copiesAreRowMajorWhateverTheStrides() {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(floats(MATRIX, arena)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
            assertThat(floats(MATRIX.transposed(), arena)).containsExactly(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
            assertThat(floats(strided(Shape.of(2, 2, 2), List.of(6L, 1L, 3L)), arena))
                    .containsExactly(0, 3, 1, 4, 6, 9, 7, 10);
            assertThat(floats(strided(Shape.of(3), List.of(5L)), arena)).containsExactly(0, 5, 10);
        }
    }

    @Test
    void rowsOutsideAreRefused() {
        for (long[] outside :
                new long[][] {{-1, 1}, {0, 0}, {0, 5}, {4, 1}, {Long.MAX_VALUE, 1}, {1, Long.MAX_VALUE}}) {
            assertThatThrownBy(() -> MATRIX.rows(outside[0], outside[1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("h.0.weight [4, 3] has no " + outside[1] + " rows from " + outside[0] + " on");
        }
    }

    @Test
    void aVectorIsNotTransposed() {
        assertThatThrownBy(() -> MATRIX.reshaped(Shape.of(12)).transposed())
                .hasMessage("h.0.weight is [12], not a matrix");
    }

    @Test
    void stridesThatLeaveTheDataAreRefused() {
        assertThatThrownBy(() -> strided(Shape.of(4, 3), List.of(4L, 1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("h.0.weight needs 60 bytes, its file holds 48");
        assertThatThrownBy(() -> strided(Shape.of(4, 3), List.of(-1L, 1L)))
                .hasMessage("h.0.weight has a negative stride");
        assertThatThrownBy(() -> strided(Shape.of(4, 3), List.of(1L)))
                .hasMessage("h.0.weight has 1 strides for shape [4, 3]");
        assertThatThrownBy(() -> strided(Shape.of(4, 3), List.of(Long.MAX_VALUE, 1L)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("h.0.weight [4, 3] has strides beyond any file: [9223372036854775807, 1]");
    }

    @Test
    void oneElementMayBeReadManyTimes() {
        assertThat(strided(Shape.of(100, 12), List.of(0L, 1L)).shape()).isEqualTo(Shape.of(100, 12));
    }

    private static float[] floats(Parameter parameter, Arena arena) {
        return parameter.floats(arena).data().toArray(ValueLayout.JAVA_FLOAT);
    }

    private static Parameter strided(Shape shape, List<Long> strides) {
        return new Parameter(MATRIX.path(), DType.F32, shape, strides, MATRIX.data());
    }
}
