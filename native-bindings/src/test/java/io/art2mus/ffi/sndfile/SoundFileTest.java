package io.art2mus.ffi.sndfile;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoundFileTest {
    private static final int RATE = 16000;
    /** No multiple of any block size. */
    private static final int FRAMES = 12347;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void libraryIsInstalled() {
        assertThat(SoundFileLibrary.status())
                .as("this test needs libsndfile: apt-get install libsndfile1")
                .isInstanceOf(LibraryStatus.Available.class);
    }

    /** Two chirps below full scale, {@code [frames, channels]}. */
    private static float sample(int frame, int channel) {
        double seconds = frame / (double) RATE;
        return (float) (0.8 * Math.sin(2 * Math.PI * (220 * (channel + 1) + 400 * seconds) * seconds));
    }

    private static MemorySegment chirps(Arena arena, int channels) {
        MemorySegment samples = arena.allocate(JAVA_FLOAT, (long) FRAMES * channels);
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int channel = 0; channel < channels; channel++) {
                samples.setAtIndex(JAVA_FLOAT, (long) frame * channels + channel, sample(frame, channel));
            }
        }
        return samples;
    }

    private Path write(SoundFormat format, int channels) {
        return write(temporary.resolve("chirps." + format.extension()), format, channels);
    }

    private static Path write(Path file, SoundFormat format, int channels) {
        SoundFileLibrary library = SoundFileLibrary.load();
        try (Arena arena = Arena.ofConfined();
                SoundFileWriter writer = SoundFileWriter.create(library, file, format, RATE, channels)) {
            writer.tag(SoundTag.COMMENT, "art2mus, seed 7");
            MemorySegment samples = chirps(arena, channels);
            long first = 1000;
            writer.write(samples, first);
            writer.write(samples.asSlice(first * channels * 4), FRAMES - first);
        }
        return file;
    }

    /** Reads what {@link #write} wrote, checks what stands beside the samples, and returns the errors of the samples. */
    private static double[] errorsOf(Path file, int channels) {
        double[] errors = new double[FRAMES * channels];
        try (Arena arena = Arena.ofConfined();
                SoundFileReader reader = SoundFileReader.open(SoundFileLibrary.load(), file)) {
            assertThat(reader.sampleRate()).isEqualTo(RATE);
            assertThat(reader.channels()).isEqualTo(channels);
            assertThat(reader.claimedFrames()).isEqualTo(FRAMES);
            assertThat(reader.tag(SoundTag.COMMENT)).contains("art2mus, seed 7");
            assertThat(reader.tag(SoundTag.ARTIST)).isEmpty();
            MemorySegment block = arena.allocate(JAVA_FLOAT, 1024L * channels);
            int frames = 0;
            for (long read; (read = reader.read(block, 1024)) > 0; frames += (int) read) {
                for (int i = 0; i < read * channels; i++) {
                    float expected = sample(frames + i / channels, i % channels);
                    errors[frames * channels + i] = block.getAtIndex(JAVA_FLOAT, i) - expected;
                }
            }
            assertThat(frames).isEqualTo(FRAMES);
        }
        return errors;
    }

    /** The limits are one quantisation step: 2^-15 and 2^-23 (full scale is 32767 on the way out, 32768 on the way in). */
    @ParameterizedTest
    @CsvSource({
        "WAV_PCM16, 2, 3.06e-5",
        "WAV_PCM24, 1, 1.2e-7",
        "WAV_FLOAT, 2, 0",
        "FLAC_PCM16, 1, 3.06e-5",
        "FLAC_PCM24, 2, 1.2e-7"
    })
    void losslessFormatsGiveTheSamplesBack(SoundFormat format, int channels, double limit) {
        double error = DoubleStream.of(errorsOf(write(format, channels), channels))
                .map(Math::abs)
                .max()
                .orElseThrow();
        System.out.printf("libsndfile %s, largest error: %.2e (limit %.2e)%n", format, error, limit);
        assertThat(error).isLessThanOrEqualTo(limit);
    }

    /** The limit is less than half of what a delay by one frame would give. */
    @ParameterizedTest
    @CsvSource({"OGG_VORBIS, 1, 0.04", "OGG_VORBIS, 2, 0.04", "MP3, 1, 0.04"})
    void lossyFormatsKeepTheSoundWhereItWas(SoundFormat format, int channels, double limit) {
        double error = rms(DoubleStream.of(errorsOf(write(format, channels), channels)));
        double delay = rms(IntStream.range(1, FRAMES).mapToDouble(i -> sample(i, 0) - sample(i - 1, 0)));
        System.out.printf("libsndfile %s, RMS error: %.2e (limit %.2e, delay %.2e)%n", format, error, limit, delay);
        assertThat(error).isLessThanOrEqualTo(limit);
        assertThat(delay).isGreaterThan(2 * limit);
    }

    private static double rms(DoubleStream values) {
        return Math.sqrt(values.map(x -> x * x).average().orElseThrow());
    }

    @Test
    void samplesBeyondFullScaleAreClippedNotWrapped() {
        SoundFileLibrary library = SoundFileLibrary.load();
        Path file = temporary.resolve("loud.wav");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment samples = arena.allocateFrom(JAVA_FLOAT, 1.5f, -1.5f);
            try (SoundFileWriter writer = SoundFileWriter.create(library, file, SoundFormat.WAV_PCM16, RATE, 1)) {
                writer.write(samples, 2);
            }
            try (SoundFileReader reader = SoundFileReader.open(library, file)) {
                assertThat(reader.read(samples, 2)).isEqualTo(2);
            }
            assertThat(samples.toArray(JAVA_FLOAT)).containsExactly(32767f / 32768, -1f);
        }
    }

    @ParameterizedTest
    @CsvSource({"WAV_PCM16", "WAV_FLOAT", "FLAC_PCM16"})
    void sameSamplesGiveTheSameBytes(SoundFormat format) throws Exception {
        byte[] first = Files.readAllBytes(write(format, 1));
        Thread.sleep(1100); // A time in whole seconds would differ.
        assertThat(Files.readAllBytes(write(format, 1))).isEqualTo(first);
    }

    @Test
    void writableFormatsNameWavFlacAndOgg() {
        List<WritableFormat> formats = SoundFileLibrary.load().writableFormats();
        assertThat(formats).extracting(WritableFormat::extension).contains("wav", "flac", "oga");
        assertThat(formats).allSatisfy(format -> assertThat(format.encodings()).isNotEmpty());
        assertThat(formats)
                .filteredOn(format -> format.extension().equals("flac"))
                .singleElement()
                .satisfies(flac -> assertThat(flac.encodings())
                        .contains("Signed 16 bit PCM")
                        .doesNotContain("32 bit float"));
    }

    @Test
    void fileNameMayHoldAnyLetter() {
        String name = "Sonnenuntergänge.wav";
        assumeTrue(
                Charset.forName(System.getProperty("sun.jnu.encoding"))
                        .newEncoder()
                        .canEncode(name),
                "this locale has umlauts");
        Path file = write(temporary.resolve(name), SoundFormat.WAV_FLOAT, 1);
        assertThat(file).exists();
        assertThat(errorsOf(file, 1)).containsOnly(0);
    }

    @Test
    void tooOldAVersionIsToldWhatIsNeeded() {
        assertThat(SoundFileLibrary.supportedVersion("libsndfile-1.2.0")).isEqualTo("1.2.0");
        assertThatThrownBy(() -> SoundFileLibrary.supportedVersion("libsndfile-1.0.31"))
                .isInstanceOf(LibraryUnavailableException.class)
                .hasMessage("libsndfile cannot be used: version 1.0.31 is not supported; install version 1.1 or newer"
                        + " and name it in ART2MUS_LIBRARY_SNDFILE");
    }

    @Test
    void missingFileGivesTheSystemsReason() {
        Path file = temporary.resolve("none.wav");
        assertThatThrownBy(() -> SoundFileReader.open(SoundFileLibrary.load(), file))
                .isInstanceOf(SoundFileException.class)
                .hasMessage(
                        "sf_open failed: SF_ERR_SYSTEM (2), " + file + ": System error : No such file or directory");
    }

    @Test
    void fileThatIsNoSoundIsNamedWithARemedy() throws Exception {
        Path file = Files.writeString(temporary.resolve("text.wav"), "This is a text, whatever its name says.");
        assertThatThrownBy(() -> SoundFileReader.open(SoundFileLibrary.load(), file))
                .isInstanceOf(SoundFileException.class)
                .hasMessageStartingWith("sf_open failed: SF_ERR_UNRECOGNISED_FORMAT (1), " + file + ": ")
                .hasMessageEndingWith("is this a sound file (WAV, FLAC, Ogg, MP3)?");
    }

    @Test
    void formatThatCannotBeWrittenIsAnError() {
        SoundFileLibrary library = SoundFileLibrary.load();
        assertThat(library.canWrite(SoundFormat.FLAC_PCM16, RATE, 1)).isTrue();
        assertThat(library.canWrite(SoundFormat.FLAC_PCM16, RATE, 9)).isFalse();
        Path file = temporary.resolve("nine.flac");
        assertThatThrownBy(() -> SoundFileWriter.create(library, file, SoundFormat.FLAC_PCM16, RATE, 9))
                .isInstanceOf(SoundFileException.class)
                .hasMessageContaining("sf_open failed: ")
                .hasMessageContaining(file.toString());
        assertThatThrownBy(
                        () -> SoundFileWriter.create(library, temporary.resolve("odd.mp3"), SoundFormat.MP3, 12345, 1))
                .isInstanceOf(SoundFileException.class);
    }

    @Test
    void framesBeyondTheBufferAreRefusedBeforeTheCall() {
        try (Arena arena = Arena.ofConfined();
                SoundFileWriter writer = SoundFileWriter.create(
                        SoundFileLibrary.load(), temporary.resolve("short.wav"), SoundFormat.WAV_PCM16, RATE, 2)) {
            MemorySegment four = arena.allocate(JAVA_FLOAT, 4);
            assertThatThrownBy(() -> writer.write(four, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> writer.write(four, Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> writer.write(four, -1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> writer.write(MemorySegment.ofArray(new float[4]), 2))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closingTwiceIsOnceAndUseAfterCloseIsAnError() {
        SoundFileWriter writer = SoundFileWriter.create(
                SoundFileLibrary.load(), temporary.resolve("closed.wav"), SoundFormat.WAV_PCM16, RATE, 1);
        writer.close();
        writer.close();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(JAVA_FLOAT);
            assertThatThrownBy(() -> writer.write(one, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("SoundFileWriter is closed");
        }
    }

    @Test
    void anotherThreadMayNeitherUseNorClose() {
        List<Runnable> actions = new ArrayList<>();
        try (SoundFileWriter writer = SoundFileWriter.create(
                SoundFileLibrary.load(), temporary.resolve("owned.wav"), SoundFormat.WAV_PCM16, RATE, 1)) {
            actions.add(() -> writer.tag(SoundTag.TITLE, "t"));
            actions.add(writer::close);
            for (Runnable action : actions) {
                assertThatThrownBy(() -> CompletableFuture.runAsync(action).join())
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(WrongThreadException.class);
            }
        }
    }
}
