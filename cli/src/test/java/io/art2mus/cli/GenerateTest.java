package io.art2mus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFileReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code art2mus generate} as a user meets it. */
class GenerateTest {
    private static final String HOME = "art2mus.home";
    private static final String DUSK = "../samples/dusk.png";

    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void standBesideTheModel() {
        System.setProperty(HOME, "..");
    }

    @AfterEach
    void forgetWhere() {
        System.clearProperty(HOME);
    }

    private int generate(String... arguments) {
        CommandLine command = Art2Mus.commandLine().setErr(new PrintWriter(err, true));
        return command.execute(
                Stream.concat(Stream.of("generate"), Stream.of(arguments)).toArray(String[]::new));
    }

    private String lastLine() {
        return err.toString().lines().reduce("", (before, line) -> line);
    }

    @Test
    void writesTenSecondsOfSoundThatAreNeitherSilentNorClipped() {
        Path sound = folder.resolve("dusk sound.wav");
        int status = generate(DUSK, "-o", sound.toString(), "--seed", "0", "--steps", "2");
        assertThat(status).as(err.toString()).isZero();
        assertThat(lastLine()).isEqualTo(sound + ": 10.24 s, peak -1.0 dBFS, " + rms() + ", seed 0");
        try (SoundFileReader reader = SoundFileReader.open(SoundFileLibrary.load(), sound)) {
            assertThat(reader.sampleRate()).isEqualTo(16_000);
            assertThat(reader.channels()).isEqualTo(1);
            assertThat(reader.claimedFrames()).isEqualTo(163_840);
        }
    }

    /** The level is the model's affair; that it was said is ours. */
    private String rms() {
        String line = lastLine();
        return line.substring(line.indexOf("RMS"), line.lastIndexOf(','));
    }

    @Test
    void aMissingPictureIsNamed() throws IOException {
        requireRefused(1, "nowhere.png does not exist; check its name", "nowhere.png", "-o", inFolder("a.wav"));
    }

    @Test
    void whatIsNoPictureIsNamed() throws IOException {
        requireRefused(1, "pom.xml is not a picture of a known format", "pom.xml", "-o", inFolder("a.wav"));
    }

    @Test
    void aMissingFolderIsNoticedBeforeTheWork() throws IOException {
        requireRefused(1, "its folder does not exist; create it first", DUSK, "-o", inFolder("missing/a.wav"));
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void aFolderIsNoSoundFile() throws IOException {
        requireRefused(1, "is a directory; name a file in it", DUSK, "-o", folder.toString());
    }

    @Test
    void anExistingSoundIsKeptUnlessToldOtherwise() throws IOException {
        Path kept = Files.writeString(folder.resolve("kept.wav"), "kept");
        assertThat(generate(DUSK, "-o", kept.toString())).isEqualTo(1);
        assertThat(lastLine()).endsWith("kept.wav exists already; give --overwrite or another -o");
        assertThat(kept).hasContent("kept");
    }

    @Test
    void numbersOutOfBoundsAreBadUsage() throws IOException {
        requireRefused(2, "--steps is 0, expected 1 to 1000", DUSK, "--steps", "0");
        requireRefused(2, "--seed is -1, expected 0 to 4294967295", DUSK, "--seed", "-1");
        requireRefused(2, "--guidance is NaN, expected a finite number", DUSK, "--guidance", "NaN");
        requireRefused(2, "--guidance is -1.0, expected a finite number", DUSK, "--guidance", "-1");
    }

    @Test
    void stepsThatASamplerCannotTakeAreNoticedBeforeTheWork() throws IOException {
        requireRefused(2, "--steps: pndm", DUSK, "-o", inFolder("a.wav"), "--sampler", "pndm", "--steps", "3");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void namesThatThereAreNotAreBadUsage() throws IOException {
        requireRefused(2, "there are ddim, dpmpp-2m, pndm, euler, lms", DUSK, "--sampler", "magic");
        requireRefused(2, "give f32, bf16 or auto", DUSK, "--precision", "f8");
        requireRefused(2, "give one such as -1dB, or off", DUSK, "--peak", "loud");
    }

    private String inFolder(String name) {
        return folder.resolve(name).toString();
    }

    private void requireRefused(int status, String message, String... arguments) throws IOException {
        assertThat(generate(arguments)).as(err.toString()).isEqualTo(status);
        assertThat(lastLine()).startsWith("error: ").contains(message);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("files left behind").isEmpty();
        }
    }
}
