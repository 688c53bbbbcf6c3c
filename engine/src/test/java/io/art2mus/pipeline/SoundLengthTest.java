package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.model.AutoencoderKlConfig;
import io.art2mus.model.HifiGanConfig;
import io.art2mus.weights.ModelConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seconds to mel frames, latents and samples. */
class SoundLengthTest {
    private static final Path TINY = Golden.resource("tiny-audioldm2");
    private static final Path MINI = Golden.mini();

    private static SoundLength of(double seconds, Path checkpoint) {
        return SoundLength.of(
                seconds,
                AutoencoderKlConfig.read(ModelConfig.read(checkpoint.resolve("vae/config.json"))),
                HifiGanConfig.read(ModelConfig.read(checkpoint.resolve("vocoder/config.json"))));
    }

    /** The golden generations' own shapes: 1.3 s are 130 frames, rounded up to 33 latents of 4. */
    @ParameterizedTest
    @CsvSource({"1.3, 33, 20800", "1.28, 32, 20480", "1.0, 25, 16000"})
    void equalsTheReferenceOnTheRandomCheckpoint(double seconds, long height, long samples) {
        assertThat(of(seconds, TINY)).isEqualTo(new SoundLength(samples, height, 16));
    }

    @Test
    void tenSecondsAreTheTrainedShapeOfTheSmallModel() {
        assertThat(of(Wish.TRAINED_SECONDS, MINI)).isEqualTo(new SoundLength(163_840, 128, 8));
    }

    /** A length between two frames loses its last samples in the reference; here one more latent makes up for them. */
    @ParameterizedTest
    @ValueSource(doubles = {0.0001, 0.0799, 0.08, 0.0801, 0.085, 1.0049, 10.2401, 599.999})
    void theVocoderNeverComesOutShort(double seconds) {
        HifiGanConfig vocoder = HifiGanConfig.read(ModelConfig.read(MINI.resolve("vocoder/config.json")));
        SoundLength length = of(seconds, MINI);
        assertThat(length.samples()).isEqualTo((long) (seconds * 16_000));
        assertThat(vocoder.samples(length.latentHeight() * 8)).isGreaterThanOrEqualTo(length.samples());
    }

    @Test
    void lessThanASampleIsRefused() {
        assertThatThrownBy(() -> of(1e-5, MINI))
                .isInstanceOf(WishException.class)
                .hasMessage("seconds is 1.0E-5, which is less than one sample");
    }
}
