package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatentsTest {
    @Test
    void noiseIsDrawnInPyTorchsOrderAndLaidOutChannelsLast() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor expected = Golden.tensor(arena, "mini-reference/dusk.safetensors", "initial_latents");
            HostTensor noise = Latents.noise(arena, TorchRandom.seeded(0), Shape.of(1, 128, 8, 16), 1);
            HostTensor channelsLast = HostTensor.allocate(arena, noise.shape());
            for (long channel = 0; channel < 16; channel++) {
                for (long position = 0; position < 128 * 8; position++) {
                    channelsLast.set(position * 16 + channel, expected.get(channel * 128 * 8 + position));
                }
            }
            Tolerance.INITIAL_LATENTS.requireWithin("channels-last noise", noise, channelsLast);
        }
    }

    @Test
    void noiseHasTheAskedDeviation() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor unit = Latents.noise(arena, TorchRandom.seeded(3), Shape.of(2, 4, 4, 8), 1);
            HostTensor wide = Latents.noise(arena, TorchRandom.seeded(3), Shape.of(2, 4, 4, 8), 8);
            for (long i = 0; i < unit.shape().elements(); i++) {
                assertThat(wide.get(i)).isEqualTo(8 * unit.get(i));
            }
        }
    }

    @Test
    void whatTheNetworkReadsIsScaledAndTheLatentsStay() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor latents = Latents.noise(arena, TorchRandom.seeded(3), Shape.of(1, 2, 2, 3), 1);
            HostTensor scaled = HostTensor.allocate(arena, latents.shape());
            Latents.scale(latents, 0.5, scaled);
            for (long i = 0; i < latents.shape().elements(); i++) {
                assertThat(scaled.get(i)).isEqualTo(latents.get(i) / 2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void valuesThatAreNoNumbersAreAnError(float value) {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor latents = HostTensor.allocate(arena, Shape.of(1, 2, 2, 3));
            assertThatCode(() -> Latents.requireFinite(latents)).doesNotThrowAnyException();
            latents.set(7, value);
            assertThatThrownBy(() -> Latents.requireFinite(latents))
                    .isInstanceOf(NonFiniteException.class)
                    .hasMessageContaining("latents [1, 2, 2, 3] became " + value + " at position 7");
        }
    }
}
