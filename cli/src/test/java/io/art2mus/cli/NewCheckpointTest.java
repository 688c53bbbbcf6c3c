package io.art2mus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code art2mus new-checkpoint} as a user meets it. */
class NewCheckpointTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int newCheckpoint(String... arguments) {
        CommandLine command = Art2Mus.commandLine().setErr(new PrintWriter(err, true));
        return command.execute(
                Stream.concat(Stream.of("new-checkpoint"), Stream.of(arguments)).toArray(String[]::new));
    }

    private List<String> files(Path in) throws IOException {
        try (Stream<Path> found = Files.walk(in)) {
            return found.filter(Files::isRegularFile)
                    .map(file -> in.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void writesThePartsThatWereAskedForIntoANewFolder() throws IOException {
        Path target = folder.resolve("new folder/größe");
        int status = newCheckpoint(
                "--preset",
                "audioldm2",
                "--parts",
                "projection_model,tokenizer_2,scheduler",
                "--dtype",
                "bf16",
                "--seed",
                "-3",
                target.toString());
        assertThat(status).as(err.toString()).isZero();
        assertThat(files(folder.resolve("new folder")))
                .containsExactly(
                        "größe/README.md",
                        "größe/model_index.json",
                        "größe/projection_model/config.json",
                        "größe/projection_model/diffusion_pytorch_model.safetensors",
                        "größe/scheduler/scheduler_config.json",
                        "größe/tokenizer_2/tokenizer.json",
                        "größe/tokenizer_2/tokenizer_config.json");
        assertThat(err.toString().lines().reduce("", (before, line) -> line))
                .startsWith(target + ": audioldm2, 0.00 GB in ")
                .endsWith(", seed -3");
    }

    @Test
    void quietMeansSilent() {
        assertThat(newCheckpoint("-q", "--preset", "audioldm2-large", "--parts", "projection_model", folder.toString()))
                .isZero();
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--preset audioldm3 new|'audioldm3' is none of audioldm2, audioldm2-music, audioldm2-large",
                "--preset audioldm2 --parts unet,vea new|'vea' is none of unet, vae, vocoder",
                "--preset audioldm2 --dtype f64 new|'f64' is none of f32, f16, bf16",
                "--preset audioldm2 --seed x new|'x' is not a long",
                "--preset audioldm2|DIR",
                "new|--preset=NAME"
            })
    void misspeltWordsAreNamedInOneLine(String arguments, String expected) throws IOException {
        int status = newCheckpoint(
                arguments.replace("new", folder.resolve("new").toString()).split(" "));
        requireOneLine(status, 2, expected);
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void aFolderThatHoldsSomethingIsLeftAsItIs() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        requireOneLine(newCheckpoint("--preset", "audioldm2", folder.toString()), 1, "not an empty folder");
        assertThat(files(folder)).containsExactly("notes.txt");
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "mine");
        requireOneLine(newCheckpoint("--preset", "audioldm2", file.toString()), 1, "not a folder");
    }

    /** The file system of processes says that it has no room at all. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void roomIsCountedBeforeAnythingIsWritten() throws IOException {
        requireOneLine(
                newCheckpoint("--preset", "audioldm2", "/proc/art2mus-new"), 1, "GB are needed and 0.00 GB are free");
    }

    private void requireOneLine(int status, int expectedStatus, String expected) {
        assertThat(status).as(err.toString()).isEqualTo(expectedStatus);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(expected);
    }
}
