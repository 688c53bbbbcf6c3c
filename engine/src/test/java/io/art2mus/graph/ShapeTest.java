package io.art2mus.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void anExtentThatNoTensorHasIsRefused(long extent) {
        assertThatThrownBy(() -> Shape.of(2, extent))
                .isInstanceOf(ShapeException.class)
                .hasMessage("shape [2, " + extent + "] has an extent out of range");
    }

    @Test
    void aProductThatOverflowsIsRefused() {
        assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32)).isInstanceOf(ShapeException.class);
        assertThat(Shape.of(1L << 40, 1L << 7).elements()).isEqualTo(1L << 47);
        assertThatThrownBy(() -> Shape.of(1L << 40, 1L << 7, 2)).isInstanceOf(ShapeException.class);
    }

    @Test
    void negativeAxesCountFromTheEnd() {
        Shape shape = Shape.of(2, 3, 5);
        assertThat(shape.extent(-1)).isEqualTo(5).isEqualTo(shape.last());
        assertThat(shape.extent(-3)).isEqualTo(2);
    }

    @Test
    void stridesAreRowMajor() {
        assertThat(Shape.of(2, 3, 5).strides()).containsExactly(15L, 5L, 1L);
        assertThat(Shape.of().strides()).isEmpty();
    }

    @Test
    void aChangedShapeLeavesTheFirstAsItWas() {
        Shape shape = Shape.of(2, 3, 5);
        assertThat(shape.with(1, 7)).isEqualTo(Shape.of(2, 7, 5));
        assertThat(shape.withLast(1)).isEqualTo(Shape.of(2, 3, 1));
        shape.extents()[0] = 9;
        assertThat(shape).isEqualTo(Shape.of(2, 3, 5)).hasToString("[2, 3, 5]");
    }

    @Test
    void rankIsPartOfEquality() {
        assertThat(Shape.of(6)).isNotEqualTo(Shape.of(1, 6)).isNotEqualTo(Shape.of(2, 3));
    }
}
