package io.art2mus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class DiagonalGaussianTest {
    /** Two places of two channels each. */
    @Test
    void meansComeFirstAndLogVariancesAreClamped() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor moments = new HostTensor(
                    Shape.of(1, 1, 2, 4), arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, -99, -31, 7, 3, 99, -2, 21));

            DiagonalGaussian latents = DiagonalGaussian.of(arena, moments);

            assertThat(latents.mean().shape()).isEqualTo(Shape.of(1, 1, 2, 2));
            assertThat(latents.mean().data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, -99, 3, 99);
            assertThat(latents.logVariance().data().toArray(ValueLayout.JAVA_FLOAT))
                    .containsExactly(-30, 7, -2, 20);
        }
    }
}
