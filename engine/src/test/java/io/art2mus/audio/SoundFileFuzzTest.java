package io.art2mus.audio;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.art2mus.ffi.sndfile.SoundFileException;
import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFileReader;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.ffi.sndfile.SoundTag;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libsndfile is fuzzed by its makers; what is tried here is that no answer of it surprises the layer above. */
@Timeout(10)
class SoundFileFuzzTest {
    private static final int BLOCK_FRAMES = 256;

    /** A few bytes of a lossless format may stand for minutes of silence. */
    private static final int MOST_BLOCKS = 1_000;

    @TempDir
    private Path folder;

    static Stream<Named<byte[]>> sounds(@TempDir Path folder) throws IOException {
        Stream.Builder<Named<byte[]>> sounds = Stream.builder();
        for (SoundFormat format : SoundFormat.values()) {
            Path file = folder.resolve(format + "." + format.extension());
            try (Arena arena = Arena.ofConfined()) {
                Sound sound = Sound.allocate(arena, 1_000, 16_000);
                for (int i = 0; i < sound.length(); i++) {
                    sound.set(i, (float) Math.sin(i * 0.37));
                }
                SoundFiles.write(file, sound, format, Map.of(SoundTag.COMMENT, "seed 7"));
            }
            sounds.add(Named.of(format.name(), Files.readAllBytes(file)));
        }
        return sounds.build();
    }

    @ParameterizedTest
    @MethodSource("sounds")
    void soundIsRead(byte[] bytes) throws IOException {
        assertThat(isRead(bytes)).isTrue();
    }

    @MethodSource("sounds")
    @FuzzTest
    void damagedSoundIsReadOrRefused(byte[] bytes) throws IOException {
        isRead(bytes);
    }

    private boolean isRead(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("sound"), bytes);
        try (SoundFileReader reader = SoundFileReader.open(SoundFileLibrary.load(), file);
                Arena arena = Arena.ofConfined()) {
            assertThat(reader.channels()).isBetween(1, 1024);
            reader.tag(SoundTag.COMMENT);
            MemorySegment block = arena.allocate((long) BLOCK_FRAMES * reader.channels() * Float.BYTES, Float.BYTES);
            int blocks = 0;
            while (blocks < MOST_BLOCKS && reader.read(block, BLOCK_FRAMES) > 0) {
                blocks++;
            }
            return true;
        } catch (SoundFileException refused) {
            assertThat(refused).message().hasLineCount(1);
            return false;
        }
    }
}
