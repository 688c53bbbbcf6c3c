package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ItemTest {
    private static HostTensor tensor(Arena arena, Shape shape, float... values) {
        return new HostTensor(shape, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
    }

    private static Item item(Arena arena) {
        HostTensor moments = tensor(arena, Shape.of(1, 1, 2, 4), 1, -2, 0, (float) Math.log(4), 3, 4, -40, 50);
        return new Item(new Pair("a", "1", null), HostTensor.allocate(arena, Shape.of(1, 3)), moments, 0.5);
    }

    /** Means come before log-variances, which are clamped to −30 … 20. */
    @Test
    void sampleIsMeanAndDeviationTimesNoiseScaled() {
        try (Arena arena = Arena.ofConfined()) {
            Shape shape = Shape.of(1, 1, 2, 2);
            HostTensor latents = HostTensor.allocate(arena, shape);

            item(arena).sample(tensor(arena, shape, 1, 3, 0, 1e-3f), latents);

            float widest = (float) Math.exp(10);
            assertThat(latents.data().toArray(ValueLayout.JAVA_FLOAT))
                    .containsExactly(1, 2, 1.5f, (4 + widest * 1e-3f) * 0.5f);
        }
    }

    @Test
    void noiseOfAnotherShapeIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor other = HostTensor.allocate(arena, Shape.of(1, 2, 1, 2));
            assertThatThrownBy(() -> item(arena).sample(other, other)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everyEpochIsAnotherPermutationThatSeedAndEpochDecide() {
        try (Arena arena = Arena.ofConfined()) {
            ItemSet items = new ItemSet(Collections.nCopies(50, item(arena)));

            assertThat(items.order(3, 7)).isEqualTo(items.order(3, 7));
            assertThat(items.order(3, 7))
                    .containsExactlyInAnyOrder(IntStream.range(0, 50).toArray());
            assertThat(IntStream.range(0, 40)
                            .mapToObj(i -> IntStream.of(items.order(i / 20, i % 20))
                                    .boxed()
                                    .toList())
                            .distinct())
                    .hasSize(40);
            assertThat(new ItemSet(Collections.nCopies(8, item(arena))).order(0, 0))
                    .containsExactly(2, 1, 4, 7, 5, 6, 3, 0);
        }
    }
}
