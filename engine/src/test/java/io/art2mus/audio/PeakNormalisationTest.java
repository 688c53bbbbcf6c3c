package io.art2mus.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeakNormalisationTest {
    @Test
    void largestSampleStandsAtTheLevelWhateverItsSign() {
        try (Arena arena = Arena.ofConfined()) {
            Sound scaled = PeakNormalisation.parse("-6dB").apply(sound(arena, 0.1f, -0.4f, 0.2f), arena);

            double level = Math.pow(10, -6 / 20.0);
            assertThat((double) scaled.get(1)).isCloseTo(-level, within(1e-7));
            assertThat((double) scaled.get(0)).isCloseTo(level / 4, within(1e-7));
            assertThat(SoundLevel.of(scaled).toString()).isEqualTo("0.00 s, peak -6.0 dBFS, RMS -9.6 dBFS");
        }
    }

    @Test
    void offLeavesTheModelsOwnLevel() {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = sound(arena, 0.1f, -0.4f);

            assertThat(PeakNormalisation.parse("off").apply(sound, arena)).isSameAs(sound);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void sampleThatIsNotFiniteIsRefusedEvenWhenOff(float sample) {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = sound(arena, 0.1f, sample);

            assertThatThrownBy(() -> PeakNormalisation.OFF.apply(sound, arena))
                    .isInstanceOf(SoundException.class)
                    .hasMessageStartingWith("the waveform is not finite at sample 1 of 2; ");
        }
    }

    @Test
    void silenceIsRefusedEvenWhenOff() {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = sound(arena, 0, 1e-6f);

            assertThatThrownBy(() -> PeakNormalisation.OFF.apply(sound, arena))
                    .isInstanceOf(SoundException.class)
                    .hasMessageStartingWith("the waveform is silent; ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "loud", "1dB", "0.1", "-91dB", "NaN", "-1e9", "--1", "-1dBdB"})
    void levelThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> PeakNormalisation.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1dB", "-1", " -1.0 dB ", "-1DB"})
    void levelIsReadWithAndWithoutItsUnit(String text) {
        assertThat(PeakNormalisation.parse(text)).isEqualTo(PeakNormalisation.to(-1));
    }

    private static Sound sound(Arena arena, float... samples) {
        return new Sound(arena.allocateFrom(ValueLayout.JAVA_FLOAT, samples), 16000);
    }
}
