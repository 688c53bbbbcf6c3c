package io.art2mus.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.cli.Ran;
import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFileReader;
import io.art2mus.ffi.sndfile.SoundTag;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceFile;
import io.art2mus.provenance.ProvenanceTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code art2mus generate} makes. */
class GenerateTest {
    private static final String DUSK = "../samples/dusk.png";
    private static final String SEA = "../samples/sea.png";
    private static final String TEXT = "a slow melancholic piece for piano, gentle texture";

    @TempDir
    private Path folder;

    private static Ran generate(String... arguments) {
        return Ran.with(
                Stream.concat(Stream.of("generate"), Arrays.stream(arguments)).toArray(String[]::new));
    }

    /** Half a second in two steps: what is looked at does not depend on more. */
    private static Ran generateShort(String... arguments) {
        return generate(Stream.concat(
                        Stream.of(
                                "--seconds", "0.5", "--steps", "2", "--seed", "7", "--precision", "f32", "--no-cache"),
                        Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private static Provenance provenance(Path sound) {
        return ProvenanceFile.read(ProvenanceFile.beside(sound));
    }

    @Test
    void writesTenSecondsOfSoundThatAreNeitherSilentNorClipped() {
        Path sound = folder.resolve("dusk sound.wav");
        Ran ran = generate(DUSK, "-o", sound.toString(), "--seed", "0", "--steps", "2", "--no-cache");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lastLine())
                .startsWith(sound + ": 10.24 s, peak -1.0 dBFS, RMS -")
                .endsWith(", seed 0");
        try (SoundFileReader reader = SoundFileReader.open(SoundFileLibrary.load(), sound)) {
            assertThat(reader.sampleRate()).isEqualTo(16_000);
            assertThat(reader.channels()).isEqualTo(1);
            assertThat(reader.claimedFrames()).isEqualTo(163_840);
            ProvenanceTag tag = ProvenanceTag.parse(reader.tag(SoundTag.COMMENT).orElseThrow())
                    .orElseThrow();
            assertThat(tag).isEqualTo(ProvenanceTag.of(provenance(sound)));
        }
    }

    @Test
    void aTextAloneBecomesASound() {
        Ran ran = generateShort("--prompt", TEXT, "-o", in("piano.flac"));
        assertThat(ran.status()).as(ran.err()).isZero();
        Provenance provenance = provenance(folder.resolve("piano.flac"));
        assertThat(provenance.picture()).isNull();
        assertThat(provenance.settings().variant()).isEqualTo("audioldm2");
        assertThat(provenance.settings().prompt()).isEqualTo(TEXT);
        assertThat(provenance.sound().format()).isEqualTo("flac");
        assertThat(provenance.scores()).isNull();
    }

    @Test
    void aTextThatIsTooLongIsCutWithAWarning() {
        Ran ran = generateShort("--prompt", "piano ".repeat(500), "-o", in("long.wav"));
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err())
                .contains("warning: a text of 3000 characters is longer than FLAN-T5 reads; it was cut to 128 tokens");
    }

    @Test
    void aBatchGivesEachPictureTheSoundItHasAlone() throws IOException {
        Path alone = Files.createDirectory(folder.resolve("alone"));
        Path together = Files.createDirectory(folder.resolve("together"));
        Ran first = generateShort(SEA, DUSK, "-o", together.toString(), "--prompt", TEXT);
        Ran second = generateShort(DUSK, "-o", alone.toString(), "--prompt", TEXT);
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(second.status()).as(second.err()).isZero();
        assertThat(provenance(together.resolve("dusk.wav")).sound().sha256())
                .isEqualTo(provenance(alone.resolve("dusk.wav")).sound().sha256())
                .isNotEqualTo(provenance(together.resolve("sea.wav")).sound().sha256());
    }

    @Test
    void aBatchGoesOnAfterAPictureThatIsNone() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
        Ran ran = generateShort(broken.toString(), DUSK, "-o", folder.toString());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("error: " + broken + " is not a picture of a known format");
        assertThat(ran.lastLine()).isEqualTo("1 of 2 pictures failed");
        assertThat(folder.resolve("dusk.wav")).exists();
        assertThat(folder.resolve("broken.wav")).doesNotExist();
    }

    @Test
    void resumingSkipsWhatIsDoneAndTakesItsSeed() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Files.copy(Path.of(DUSK), pictures.resolve("dusk.png"));
        String[] options = {"--seconds", "0.5", "--steps", "2", "-o", folder.toString(), pictures.toString(), "--resume"
        };
        assertThat(generate(options).status()).isZero();
        long seed = provenance(folder.resolve("dusk.wav")).settings().seed();

        Files.copy(Path.of(SEA), pictures.resolve("sea.png"));
        Ran ran = generate(options);
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("1 of 2 pictures are done already").doesNotContain("dusk.wav:");
        assertThat(provenance(folder.resolve("sea.wav")).settings().seed()).isEqualTo(seed);

        String[] otherwise = options.clone();
        otherwise[3] = "3";
        Ran refused = generate(otherwise);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("dusk.wav was made by other settings; give --overwrite, another -o");
    }

    @Test
    void keptCandidatesAreResumedToo() throws IOException {
        String[] options = {
            "--seconds",
            "0.5",
            "--steps",
            "2",
            "-o",
            folder.toString(),
            DUSK,
            "--resume",
            "--candidates",
            "2",
            "--keep-all"
        };
        assertThat(generate(options).status()).isZero();
        Ran again = generate(options);
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.lastLine()).isEqualTo("1 of 1 pictures are done already");
    }

    @Test
    void theCandidateThatFitsThePictureBestIsKept() {
        Ran ran = generateShort(DUSK, "-o", in("dusk.wav"), "--candidates", "3");
        assertThat(ran.status()).as(ran.err()).isZero();
        Provenance provenance = provenance(folder.resolve("dusk.wav"));
        List<Double> scores = Objects.requireNonNull(provenance.scores());
        assertThat(scores).hasSize(3).doesNotHaveDuplicates();
        assertThat(scores.get(provenance.settings().candidate() - 1)).isEqualTo(Collections.max(scores));
        assertThat(ran.err()).contains("similarity to the picture of candidates 1 to 3: ");
    }

    @Test
    void allCandidatesAreKeptWhereThatIsAskedFor() throws IOException {
        Ran ran = generateShort("-p", TEXT, "-o", in("x.wav"), "--candidates", "2", "--keep-all");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(provenance(folder.resolve("x-1.wav")).sound().sha256())
                .isNotEqualTo(provenance(folder.resolve("x-2.wav")).sound().sha256());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void quietSaysNothing() {
        Ran ran = generateShort(DUSK, "-o", in("a.wav"), "-q");
        assertThat(ran).isEqualTo(new Ran(0, "", ""));
    }

    @Test
    void dryRunSaysWhatItWouldMakeAndMakesNothing() throws IOException {
        Ran ran = generateShort(DUSK, SEA, "-o", folder.toString(), "--dry-run");
        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .contains("art2mus, 0.5 seconds, seed 7, ddim in 2 steps, guidance 3.5")
                .contains("dusk.png -> " + folder.resolve("dusk.wav"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void timingsAndSpectrogramAreWrittenBeside() throws IOException {
        Ran ran = generateShort(
                DUSK, "-o", in("a.ogg"), "--timings", in("t.json"), "--spectrogram", in("s.png"), "--peak", "off");
        assertThat(ran.status()).as(ran.err()).isZero();
        JsonNode timings = new ObjectMapper().readTree(folder.resolve("t.json").toFile());
        assertThat(timings.path("calls_milliseconds").path("count").asInt()).isEqualTo(2);
        assertThat(timings.path("stages_seconds").fieldNames())
                .toIterable()
                .contains("seeing the picture", "denoising", "synthesising the waveform");
        assertThat(timings.path("traceEvents"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.path("ph").asText()).isEqualTo("X"));
        assertThat(Files.readAllBytes(folder.resolve("s.png"))).startsWith((byte) 0x89, (byte) 'P');
    }

    @Test
    void oddNamesAndFoldersThatLoopAreNoObstacle() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("été 夏"));
        Files.copy(Path.of(DUSK), pictures.resolve("soleil couchant 夕.PNG"));
        Files.createSymbolicLink(pictures.resolve("loop"), pictures);
        Files.createSymbolicLink(folder.resolve("again"), pictures);
        Ran ran = generateShort(pictures.toString(), in("again"), "-o", folder.toString());
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(folder.resolve("soleil couchant 夕.wav")).exists();
    }
}
