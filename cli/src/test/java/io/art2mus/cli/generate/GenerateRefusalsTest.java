package io.art2mus.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code art2mus generate} does not do: one line says why, and nothing is left behind. */
class GenerateRefusalsTest {
    private static final String DUSK = "../samples/dusk.png";
    private static final String SEA = "../samples/sea.png";

    @TempDir
    private Path folder;

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    /** Bad usage: noticed before anything is opened. */
    private void requireUsage(String message, String... arguments) throws IOException {
        requireRefused(2, message, arguments);
    }

    private void requireRefused(int status, String message, String... arguments) throws IOException {
        Ran ran = Ran.with(
                Stream.concat(Stream.of("generate"), Arrays.stream(arguments)).toArray(String[]::new));
        assertThat(ran.status()).as(ran.err()).isEqualTo(status);
        assertThat(ran.lastLine()).startsWith("error: ").contains(message);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("files left behind").isEmpty();
        }
    }

    private void requireRefusedAtOnce(int status, String message, String... arguments) throws IOException {
        requireRefused(status, message, arguments);
        Ran ran = Ran.with(
                Stream.concat(Stream.of("generate"), Arrays.stream(arguments)).toArray(String[]::new));
        assertThat(ran.err().lines()).hasSize(1);
    }

    @Test
    void aMissingPictureIsNamed() throws IOException {
        requireRefused(1, "nowhere.png does not exist; check its name", "nowhere.png", "-o", in("a.wav"));
    }

    @Test
    void whatIsNoPictureIsNamed() throws IOException {
        requireRefused(1, "pom.xml is not a picture of a known format", "pom.xml", "-o", in("a.wav"));
    }

    @Test
    void aFolderWithoutPicturesIsNamed() throws IOException {
        requireRefusedAtOnce(1, "src/main/java holds no picture", "src/main/java", "-o", in("a.wav"));
    }

    @Test
    void placesThatCannotBeWrittenToAreNoticedBeforeTheWork() throws IOException {
        requireRefusedAtOnce(1, "its folder does not exist; create it first", DUSK, "-o", in("missing/a.wav"));
        requireRefusedAtOnce(
                1, "its folder does not exist", DUSK, "-o", in("a.wav"), "--timings", in("missing/t.json"));
        requireRefusedAtOnce(1, "does not exist; create the folder first", DUSK, SEA, "-o", in("missing"));
    }

    @Test
    void anExistingFileIsKeptUnlessToldOtherwise() throws IOException {
        for (String name : new String[] {"kept.wav", "kept.wav.json"}) {
            Path kept = Files.writeString(folder.resolve(name), "kept");
            Ran ran = Ran.with("generate", DUSK, "-o", in("kept.wav"));
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.lastLine()).endsWith(name + " exists already; give --overwrite or another -o");
            assertThat(kept).hasContent("kept");
            Files.delete(kept);
        }
    }

    @Test
    void numbersOutOfBoundsAreBadUsage() throws IOException {
        requireUsage("--steps is 0, expected 1 to 1000", DUSK, "--steps", "0");
        requireUsage("--steps is 1001, expected 1 to 1000", DUSK, "--steps", "1001");
        requireUsage("--seed is -1, expected 0 to 4294967295", DUSK, "--seed", "-1");
        requireUsage("--guidance is NaN, expected 0 to 1000", DUSK, "--guidance", "NaN");
        requireUsage("--guidance is -1.0, expected 0", DUSK, "--guidance", "-1");
        requireUsage("--guidance is Infinity, expected 0", DUSK, "--guidance", "Infinity");
        requireUsage("--seconds is 0.0, expected more than 0", DUSK, "--seconds", "0");
        requireUsage("--seconds is NaN, expected more than 0", DUSK, "--seconds", "NaN");
        requireUsage("--seconds is 1.0E9, expected more than 0 and at most 600", DUSK, "--seconds", "1e9");
        requireUsage("--candidates is 0, expected 1 to 100", DUSK, "--candidates", "0");
        requireUsage("--threads is 0, expected 1 to 1024", DUSK, "--threads", "0", "-o", in("a.wav"));
    }

    @Test
    void stepsThatASamplerCannotTakeAreNoticedBeforeTheWork() throws IOException {
        requireUsage("--steps: pndm", DUSK, "-o", in("a.wav"), "--sampler", "pndm", "--steps", "3");
        requireUsage(
                "--seconds is 1.0E-5, which is less than one sample", DUSK, "-o", in("a.wav"), "--seconds", "1e-5");
    }

    @Test
    void namesThatThereAreNotAreBadUsage() throws IOException {
        requireUsage("there are ddim, dpmpp-2m, pndm, euler, lms", DUSK, "--sampler", "magic");
        requireUsage("there are audioldm2, art2mus, art2mus-4", DUSK, "--variant", "art2mus-5");
        requireUsage("give f32, bf16, f16 or auto", DUSK, "--precision", "f8");
        requireUsage(
                "the CPU does not compute in it: give f32, bf16 or auto",
                DUSK,
                "-o",
                in("a.wav"),
                "--device",
                "cpu",
                "--precision",
                "f16");
        requireUsage("give auto, cpu or cuda", DUSK, "--device", "tpu");
        requireUsage("give auto, cpu or cuda", DUSK, "--device", "cuda:x");
        requireUsage("give one such as -1dB, or off", DUSK, "--peak", "loud");
        requireUsage("--format is aiff, expected one of wav, flac, ogg, mp3", DUSK, "--format", "aiff");
        requireUsage("--bit-depth is 12, wav has 16, 24 or float", DUSK, "--bit-depth", "12");
        requireUsage("--bit-depth is float, flac has 16 or 24", DUSK, "--format", "flac", "--bit-depth", "float");
        requireUsage("ogg is lossy and has none", DUSK, "-o", in("a.ogg"), "--bit-depth", "16");
        requireUsage("does not end in .wav, .flac, .ogg, .mp3", DUSK, "-o", in("a.aiff"));
        requireUsage("--format is flac, but -o", DUSK, "-o", in("a.wav"), "--format", "flac");
    }

    @Test
    void contradictionsAreBadUsage() throws IOException {
        requireUsage("there is nothing to make a sound of");
        requireUsage("--variant art2mus needs a picture", "--prompt", "piano", "--variant", "art2mus");
        requireUsage("--variant audioldm2 takes no picture", DUSK, "--variant", "audioldm2");
        requireUsage("-q and -v contradict each other", DUSK, "-q", "-v");
        requireUsage("--spectrogram names one file", DUSK, SEA, "--spectrogram", in("s.png"));
        requireUsage("--timings names one file", DUSK, SEA, "--timings", in("t.json"));
        requireUsage("takes CLAP's audio tower; give --keep-all", "-p", "piano", "--candidates", "2");
        requireUsage("--projection and --imagebind are for pictures", "-p", "piano", "--projection", "other.pt");
        requireUsage("--resume keeps what is there", DUSK, "--resume", "--overwrite");
    }

    @Test
    void severalPicturesNeedAFolderAndNamesOfTheirOwn() throws IOException {
        requireUsage("pom.xml is a file, but several pictures need a folder", DUSK, SEA, "-o", "pom.xml");
        requireUsage("would both become", "a/dusk.png", "b/dusk.png", "-o", folder.toString());
    }

    @Test
    void filesOfOneRunDoNotTakeEachOthersPlaces() throws IOException {
        requireUsage("would be written twice", DUSK, "-o", in("a.wav"), "--timings", in("a.wav.json"));
        requireUsage("would be written twice", DUSK, "-o", in("a.wav"), "--timings", in("b"), "--spectrogram", in("b"));
        requireUsage("or over a picture", DUSK, "-o", in("a.wav"), "--spectrogram", DUSK, "--overwrite");
    }

    @Test
    void whatTheRunWouldRefuseADryRunRefuses() throws IOException {
        requireUsage("--threads is 0, expected 1 to 1024", DUSK, "--threads", "0", "--dry-run", "-o", in("a.wav"));
        requireUsage("--steps: pndm", DUSK, "--sampler", "pndm", "--steps", "3", "--dry-run", "-o", in("a.wav"));
        requireRefused(1, "CUDA", DUSK, "--device", "cuda", "--dry-run", "-o", in("a.wav"));
    }

    @Test
    void aDeviceThatIsNotThereIsAnError() throws IOException {
        requireRefused(1, "CUDA", DUSK, "-o", in("a.wav"), "--device", "cuda");
    }
}
