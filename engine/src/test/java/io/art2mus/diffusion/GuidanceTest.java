package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class GuidanceTest {
    @Test
    void guidedIsNegativePlusScaledDifference() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor pair = tensor(arena, Shape.of(2, 1, 1, 3), 1, 2, 3, 2, 2, 1);
            HostTensor guided = HostTensor.allocate(arena, Shape.of(1, 1, 1, 3));
            Guidance.combine(pair, 3.5, guided);
            assertThat(values(guided)).containsExactly(4.5f, 2, -4);
        }
    }

    @Test
    void candidatesKeepTheirOwnNegatives() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor pair = tensor(arena, Shape.of(4, 1), 1, 10, 2, 20);
            HostTensor guided = HostTensor.allocate(arena, Shape.of(2, 1));
            Guidance.combine(pair, 2, guided);
            assertThat(values(guided)).containsExactly(3, 30);
        }
    }

    @Test
    void shapesThatAreNoPairAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor three = HostTensor.allocate(arena, Shape.of(3, 2));
            HostTensor one = HostTensor.allocate(arena, Shape.of(1, 2));
            assertThatThrownBy(() -> Guidance.combine(three, 2, one)).hasMessage("[3, 2] is not 2 times [1, 2]");
        }
    }

    private static HostTensor tensor(Arena arena, Shape shape, float... values) {
        return new HostTensor(shape, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
    }

    private static float[] values(HostTensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_FLOAT);
    }
}
