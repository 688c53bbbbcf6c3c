package io.art2mus.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class LogMelTest {
    private static final String GOLDEN = "tiny-audioldm2/golden/audio_front_end.safetensors";

    @Test
    void logMelEqualsTheReference() {
        float[] expected = Golden.floats(GOLDEN, "log_mel");
        try (Arena arena = Arena.ofConfined()) {
            HostTensor logMel = LogMel.of(Golden.sound(GOLDEN, "waveform", LogMel.SAMPLE_RATE, arena), arena);

            assertThat(logMel.shape()).isEqualTo(Shape.of(371, LogMel.BANDS));
            Golden.assertClose("log-mel", logMel.data().toArray(ValueLayout.JAVA_FLOAT), expected, 1e-5);
        }
    }

    @Test
    void silenceIsTheFloor() {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor logMel = LogMel.of(Sound.allocate(arena, 513, LogMel.SAMPLE_RATE), arena);

            assertThat(logMel.shape()).isEqualTo(Shape.of(4, LogMel.BANDS));
            assertThat(logMel.data().toArray(ValueLayout.JAVA_FLOAT)).containsOnly((float) Math.log(1e-5));
        }
    }

    @Test
    void soundTooShortToReflectIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = Sound.allocate(arena, 512, LogMel.SAMPLE_RATE);

            assertThatThrownBy(() -> LogMel.of(sound, arena))
                    .isInstanceOf(SoundException.class)
                    .hasMessage("a sound of 512 samples is too short for a spectrum; give more than 512");
        }
    }

    @Test
    void anotherSampleRateIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = Sound.allocate(arena, 48000, 48000);

            assertThatThrownBy(() -> LogMel.of(sound, arena))
                    .isInstanceOf(SoundException.class)
                    .hasMessage("a sound at 48000 Hz; resample it to 16000");
        }
    }
}
