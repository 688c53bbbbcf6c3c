package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchRandomTest {
    @ParameterizedTest
    @CsvSource({
        "tiny-audioldm2/golden/generate_both, 11",
        "tiny-audioldm2/golden/generate_image, 11",
        "tiny-audioldm2/golden/generate_image_4, 11",
        "tiny-audioldm2/golden/generate_picture, 11",
        "tiny-audioldm2/golden/generate_picture_and_text, 11",
        "tiny-audioldm2/golden/generate_text, 11",
        "tiny-audioldm2/golden/generate_text_dpmpp, 11",
        "mini-reference/dusk, 0",
        "mini-reference/city, 1"
    })
    void seedGivesPyTorchsInitialLatents(String reference, long seed) {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor expected = Golden.tensor(arena, reference + ".safetensors", "initial_latents");
            HostTensor drawn = HostTensor.allocate(arena, expected.shape());
            TorchRandom.seeded(seed).normal(drawn);
            Tolerance.INITIAL_LATENTS.requireWithin("initial latents of " + reference, drawn, expected);
        }
    }

    /** {@code torch.manual_seed(0); torch.randn(4)} and {@code torch.manual_seed(42); torch.randn(4)}. */
    @Test
    void fewerThanSixteenValuesAreDrawnInPairsOfDoubles() {
        assertThat(draw(TorchRandom.seeded(0), 4))
                .containsExactly(new float[] {1.5410f, -0.2934f, -2.1788f, 0.5684f}, within(5e-5f));
        assertThat(draw(TorchRandom.seeded(42), 4))
                .containsExactly(new float[] {0.3367f, 0.1288f, 0.2345f, 0.2303f}, within(5e-5f));
    }

    @Test
    void secondOfAPairWaitsForTheNextCall() {
        TorchRandom random = TorchRandom.seeded(0);
        float[] once = draw(TorchRandom.seeded(0), 6);
        float[] first = draw(random, 3);
        float[] then = draw(random, 3);
        assertThat(first).containsExactly(once[0], once[1], once[2]);
        assertThat(then).containsExactly(once[3], once[4], once[5]);
    }

    @Test
    void lastSixteenAreDrawnAgainWhereTheCountIsNoMultiple() {
        MersenneTwister bits = new MersenneTwister(7);
        for (int i = 0; i < 35; i++) {
            bits.next32();
        }
        double[] uniforms = new double[16];
        for (int i = 0; i < 16; i++) {
            uniforms[i] = (bits.next32() & 0xffffff) / 16777216.0;
        }
        float[] values = draw(TorchRandom.seeded(7), 35);
        for (int i = 0; i < 8; i++) {
            double radius = Math.sqrt(-2 * Math.log(1 - uniforms[i]));
            double angle = 2 * Math.PI * uniforms[i + 8];
            assertThat(values[19 + i]).isCloseTo((float) (radius * Math.cos(angle)), within(1e-5f));
            assertThat(values[27 + i]).isCloseTo((float) (radius * Math.sin(angle)), within(1e-5f));
        }
        assertThat(values).startsWith(Arrays.copyOf(draw(TorchRandom.seeded(7), 32), 19));
    }

    @Test
    void onlyTheLow32BitsOfASeedCount() {
        assertThat(draw(TorchRandom.seeded((5L << 32) + 3), 16)).isEqualTo(draw(TorchRandom.seeded(3), 16));
        assertThat(draw(TorchRandom.seeded(3), 16)).isNotEqualTo(draw(TorchRandom.seeded(4), 16));
    }

    private static float[] draw(TorchRandom random, int count) {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor values = HostTensor.allocate(arena, Shape.of(count));
            random.normal(values);
            return values.data().toArray(ValueLayout.JAVA_FLOAT);
        }
    }
}
