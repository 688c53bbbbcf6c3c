package io.art2mus.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFileReader;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.ffi.sndfile.SoundTag;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SoundFilesTest {
    private static final int HEADER_BYTES = 44;

    @TempDir
    private Path folder;

    @Test
    void sixteenBitIntegersAreRoundedAndClipped() throws IOException {
        float step = 1f / 32768;
        Path file = folder.resolve("out.wav");
        try (Arena arena = Arena.ofConfined()) {
            float[] samples = {
                0, 0.4f * step, 0.6f * step, -0.4f * step, -0.6f * step, 0.99999f, 1, 2, -1, -2, 1000.4f * step
            };
            SoundFiles.writeWav(file, sound(arena, samples));
        }

        short[] stored = new short[11];
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(HEADER_BYTES + 2 * stored.length);
        ByteBuffer.wrap(bytes, HEADER_BYTES, 2 * stored.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .get(stored);
        assertThat(stored).containsExactly(0, 0, 1, 0, -1, 32767, 32767, 32767, -32768, -32768, 1000);
        assertThat(folder).isDirectoryContaining(path -> path.equals(file)).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void everySixteenBitIntegerIsStoredAsItself() throws IOException {
        Path file = folder.resolve("all.wav");
        float[] samples = new float[1 << 16];
        short[] expected = new short[samples.length];
        for (int i = 0; i < samples.length; i++) {
            expected[i] = (short) (i - 32768);
            samples[i] = (i - 32768) / 32768f;
        }
        try (Arena arena = Arena.ofConfined()) {
            SoundFiles.writeWav(file, sound(arena, samples));
        }

        short[] stored = new short[samples.length];
        ByteBuffer.wrap(Files.readAllBytes(file), HEADER_BYTES, 2 * stored.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .get(stored);
        assertThat(stored).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"WAV_PCM16", "WAV_PCM24", "WAV_FLOAT", "FLAC_PCM16", "FLAC_PCM24"})
    void losslessFormatsComeBackWithinHalfAStep(SoundFormat format) {
        Path file = folder.resolve("out." + format.extension());
        try (Arena arena = Arena.ofConfined()) {
            float[] samples = new float[20000];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (float) Math.sin(i * 0.37);
            }
            SoundFiles.write(file, sound(arena, samples), format, Map.of(SoundTag.COMMENT, "seed 7"));

            try (SoundFileReader reader = SoundFileReader.open(SoundFileLibrary.load(), file)) {
                Sound back = Sound.allocate(arena, samples.length, reader.sampleRate());
                assertThat(reader.read(back.samples(), samples.length)).isEqualTo(samples.length);
                assertThat(reader.sampleRate()).isEqualTo(16000);
                assertThat(reader.tag(SoundTag.COMMENT)).contains("seed 7");
                double halfStep = format.name().endsWith("16") ? 0.5 / (1 << 15) : 0.5 / (1 << 23);
                for (int i = 0; i < samples.length; i++) {
                    double limit = samples[i] > 1 - 2 * halfStep ? 2 * halfStep : halfStep;
                    assertThat(Math.abs((double) back.get(i) - samples[i])).isLessThanOrEqualTo(limit);
                }
            }
        }
    }

    @Test
    void failedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("out.mp3"), "old");
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = new Sound(arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0, 1), 12345);

            assertThatThrownBy(() -> SoundFiles.write(file, sound, SoundFormat.MP3, Map.of()))
                    .isInstanceOf(SoundException.class)
                    .hasMessageStartingWith(file + " cannot be written (sf_open failed: ")
                    .hasMessageEndingWith("; check the format, the folder's permissions and the free space");
        }
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("out.mp3");
    }

    @Test
    void missingFolderIsNamed() {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = sound(arena, 0, 1);
            Path file = folder.resolve("absent/out.wav");

            assertThatThrownBy(() -> SoundFiles.writeWav(file, sound))
                    .isInstanceOf(SoundException.class)
                    .hasMessage(file + ": its folder does not exist; create it first");
        }
    }

    @Test
    void directoryIsNoTarget() {
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = sound(arena, 0, 1);

            assertThatThrownBy(() -> SoundFiles.writeWav(folder, sound))
                    .isInstanceOf(SoundException.class)
                    .hasMessage(folder + " is a directory; name a file in it");
        }
    }

    @Test
    void unfinishedFileIsGoneAndTheTargetAsItWas() throws IOException {
        Path target = Files.writeString(folder.resolve("out.wav"), "old");
        try (UnfinishedFile unfinished = UnfinishedFile.beside(target)) {
            Files.writeString(unfinished.path(), "half");
        }

        assertThat(target).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("out.wav");
    }

    private static Sound sound(Arena arena, float... samples) {
        return new Sound(arena.allocateFrom(ValueLayout.JAVA_FLOAT, samples), 16000);
    }
}
