package io.art2mus.encoder.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundException;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class AudioFrontEndTest {
    private static final String GOLDEN = "tiny-audioldm2/golden/audio_front_end.safetensors";

    @Test
    void clipsEqualTheReference() {
        float[] expected = Golden.floats(GOLDEN, "imagebind_clips");
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = Golden.sound(GOLDEN, "waveform", AudioFrontEnd.SAMPLE_RATE, arena);
            HostTensor clips = AudioFrontEnd.clips(sound, arena);

            assertThat(clips.shape()).isEqualTo(Shape.of(3, 1, 128, 204));
            Golden.assertClose("ImageBind clips", clips.data().toArray(ValueLayout.JAVA_FLOAT), expected, 1e-5);
        }
    }

    @Test
    void soundShorterThanAClipIsItselfThreeTimes() {
        try (Arena arena = Arena.ofConfined()) {
            Sound whole = Golden.sound(GOLDEN, "waveform", AudioFrontEnd.SAMPLE_RATE, arena);
            float[] clips =
                    AudioFrontEnd.clips(whole.slice(0, 401), arena).data().toArray(ValueLayout.JAVA_FLOAT);

            int clip = 128 * 204;
            for (int i = 0; i < clip; i++) {
                assertThat(clips[i + clip]).isEqualTo(clips[i]);
                assertThat(clips[i + 2 * clip]).isEqualTo(clips[i]);
            }
            float zeroFrame = (float) (4.268 / 9.138);
            assertThat(clips[0]).isNotEqualTo(zeroFrame);
            assertThat(clips[1]).isEqualTo(zeroFrame);
        }
    }

    @Test
    void soundShorterThanAWindowIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = Sound.allocate(arena, 399, AudioFrontEnd.SAMPLE_RATE);

            assertThatThrownBy(() -> AudioFrontEnd.clips(sound, arena))
                    .isInstanceOf(SoundException.class)
                    .hasMessage("a sound of 399 samples is too short to compare; give at least 400");
        }
    }
}
