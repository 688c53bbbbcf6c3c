package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundException;
import io.art2mus.audio.SoundFiles;
import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFileWriter;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.graph.HostTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expected samples are NumPy's, which went the steps of the paper's own code on the same formula. */
class MusicClipTest {
    private static final Path NAME = Path.of("track.wav");
    private static final double LIMIT = 1e-6;

    @TempDir
    private Path folder;

    /** A slow beat on a tone, a tone that fades, and an offset. */
    private static Sound track(double seconds, int rate, Arena arena) {
        Sound sound = Sound.allocate(arena, (long) (seconds * rate), rate);
        for (long i = 0; i < sound.length(); i++) {
            double t = (double) i / rate;
            double beat = 1 + 0.5 * Math.sin(2 * Math.PI * 0.37 * t);
            double fading = Math.sin(2 * Math.PI * 3000 * t) * Math.exp(-t / 7);
            sound.set(i, (float) (0.05 + 0.3 * Math.sin(2 * Math.PI * 220 * t) * beat + 0.1 * fading));
        }
        return sound;
    }

    private static void assertSamples(String what, Sound clip, Map<Integer, Double> expected, double limit) {
        assertThat(clip.length()).isEqualTo(163_840);
        double largest = 0;
        for (Map.Entry<Integer, Double> sample : expected.entrySet()) {
            largest = Math.max(largest, Math.abs(clip.get(sample.getKey()) - sample.getValue()));
        }
        System.out.printf("%s: %.1e (limit %.0e)%n", what, largest, limit);
        assertThat(largest).isLessThanOrEqualTo(limit);
    }

    @Test
    void tenSecondsAreCutFromTheTenthOn() {
        try (Arena arena = Arena.ofConfined()) {
            Sound clip = MusicClip.cut(NAME, track(23.7, 16_000, arena), 10, arena);

            Map<Integer, Double> expected = Map.of(
                    0,
                    -5.049997e-6,
                    1,
                    0.0380588211,
                    997,
                    -0.1664203405,
                    54_321,
                    -0.1279631704,
                    159_999,
                    -0.0413563774,
                    160_000,
                    0.0,
                    163_839,
                    0.0);
            assertSamples("cut from 10 s", clip, expected, LIMIT);
        }
    }

    @Test
    void shortTrackGivesItsLastTenSeconds() {
        try (Arena arena = Arena.ofConfined()) {
            Sound clip = MusicClip.cut(NAME, track(13.25, 16_000, arena), 10, arena);

            Map<Integer, Double> expected = Map.of(
                    1, 0.0941533744, 997, -0.4468031228, 54_321, -0.1357192397, 159_999, -0.0316348746, 160_000, 0.0);
            assertSamples("cut of a short track", clip, expected, LIMIT);
        }
    }

    @Test
    void trackBelowTenSecondsIsTakenWhole() {
        try (Arena arena = Arena.ofConfined()) {
            Sound clip = MusicClip.cut(NAME, track(4.5, 16_000, arena), 10, arena);

            Map<Integer, Double> expected = Map.of(
                    1, 0.1093627437, 997, -0.3226315081, 54_321, -0.1620129198, 71_999, -0.0585818961, 72_000, 0.0);
            assertSamples("a track of 4.5 s", clip, expected, LIMIT);
        }
    }

    /** Only the first channel counts, and what the resampling adds is below 95 dB. */
    @Test
    void stereoAtAnotherRateGivesTheSameClip() {
        Path file = folder.resolve("stereo.flac");
        try (Arena arena = Arena.ofConfined()) {
            Sound left = track(23.7, 44_100, arena);
            MemorySegment frames = arena.allocate(ValueLayout.JAVA_FLOAT, 2 * left.length());
            for (long i = 0; i < left.length(); i++) {
                frames.setAtIndex(ValueLayout.JAVA_FLOAT, 2 * i, left.get(i));
                frames.setAtIndex(ValueLayout.JAVA_FLOAT, 2 * i + 1, (float) Math.sin((double) i));
            }
            try (SoundFileWriter writer =
                    SoundFileWriter.create(SoundFileLibrary.load(), file, SoundFormat.FLAC_PCM24, 44_100, 2)) {
                writer.write(frames, left.length());
            }
            HostTensor expected = MusicClip.logMel(written("mono.wav", track(23.7, 16_000, arena)), 10, arena);

            HostTensor mel = MusicClip.logMel(file, 10, arena);

            assertThat(mel.shape()).isEqualTo(MusicClip.MEL);
            double largest = 0;
            for (long i = 0; i < mel.shape().elements(); i++) {
                // Below −7 there is nothing but the rounding to 24 bits.
                if (expected.get(i) > -7) {
                    largest = Math.max(largest, Math.abs(mel.get(i) - expected.get(i)));
                }
            }
            System.out.printf("log-mel of 44.1 kHz stereo: %.1e (limit %.0e)%n", largest, 1e-3);
            assertThat(largest).isLessThanOrEqualTo(1e-3);
        }
    }

    private Path written(String name, Sound sound) {
        Path file = folder.resolve(name);
        SoundFiles.write(file, sound, SoundFormat.WAV_FLOAT, Map.of());
        return file;
    }

    @Test
    void silenceIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Sound track = track(25, 16_000, arena);
            for (long i = 15 * 16_000; i < track.length(); i++) {
                track.set(i, 0.05f);
            }
            assertThatThrownBy(() -> MusicClip.cut(NAME, track, 15, arena))
                    .isInstanceOf(SoundException.class)
                    .hasMessage(
                            "track.wav is silent from 15.0 s on for ten seconds; leave it out, or move the cut by --clip-start");
            assertThat(MusicClip.cut(NAME, track, 14, arena).length()).isEqualTo(163_840);
        }
    }

    @Test
    void trackWithoutASampleIsSilent() {
        try (Arena arena = Arena.ofConfined()) {
            for (long length : new long[] {0, 1}) {
                Sound track = Sound.allocate(arena, length, 16_000);
                assertThatThrownBy(() -> MusicClip.cut(NAME, track, 10, arena))
                        .isInstanceOf(SoundException.class)
                        .hasMessageStartingWith("track.wav is silent");
            }
        }
    }

    @Test
    void aFewSamplesAreEnough() {
        try (Arena arena = Arena.ofConfined()) {
            Sound track = Sound.allocate(arena, 2, 16_000);
            track.set(0, 1e-3f);

            Sound clip = MusicClip.cut(NAME, track, 10, arena);

            assertThat(clip.get(0)).isEqualTo(0.5f);
            assertThat(clip.get(1)).isEqualTo(-0.5f);
            assertThat(clip.get(2)).isZero();
        }
    }

    @Test
    void sampleThatIsNoNumberIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Sound track = track(1, 16_000, arena);
            track.set(77, Float.NaN);
            Path file = written("nan.wav", track);

            assertThatThrownBy(() -> MusicClip.logMel(file, 10, arena))
                    .isInstanceOf(SoundException.class)
                    .hasMessage(file + " holds a sample that is no number; make the file again");
        }
    }

    @Test
    void fileThatIsNoSoundIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("text.mp3"), "no sound");
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> MusicClip.logMel(file, 10, arena))
                    .isInstanceOf(SoundException.class)
                    .hasMessageStartingWith(file + " cannot be read")
                    .message()
                    .hasLineCount(1);
        }
    }
}
