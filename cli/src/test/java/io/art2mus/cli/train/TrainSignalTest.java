package io.art2mus.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.cli.Art2Mus;
import io.art2mus.cli.Ran;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that a signal ends: in a process of its own. */
@Timeout(300)
class TrainSignalTest {
    private static final String PAIRS = "../samples/pairs";

    @TempDir
    private Path folder;

    private Path table = Path.of("unset");

    @BeforeEach
    void writeTable() throws IOException {
        table = Files.writeString(folder.resolve("two.csv"), "image,audio\n00.jpg,00.flac\n01.jpg,01.flac\n");
    }

    private List<String> training(String place, int updates, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--pairs", table.toString(), "--images", PAIRS));
        arguments.addAll(List.of("--audio", PAIRS, "--clip-start", "0", "--batch", "1", "--accumulate", "1"));
        arguments.addAll(List.of("--threads", "1", "--device", "cpu", "--precision", "f32", "--no-cache"));
        arguments.addAll(List.of("--max-steps", Integer.toString(updates), "--save-every", "2", "--keep", "99"));
        arguments.addAll(List.of("--lr", "1e-3", "--warmup", "1"));
        arguments.addAll(
                List.of("--validate-items", "0", "-o", folder.resolve(place).toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static Process started(List<String> arguments) throws IOException {
        // What a process ignores, its children ignore too, and a test may have been started by such a one.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Dart2mus.home=..", "--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Art2Mus.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Sends it as soon as the second update is saved; the lines that the process has said. */
    private List<String> signalled(String signal, Process training, String place)
            throws IOException, InterruptedException {
        try (BufferedReader said = training.inputReader()) {
            while (training.isAlive() && !Files.exists(checkpoint(place, 2))) {
                Thread.sleep(10);
            }
            new ProcessBuilder("kill", "-" + signal, Long.toString(training.pid()))
                    .start()
                    .waitFor();
            return said.lines().toList();
        } finally {
            training.destroyForcibly().waitFor();
        }
    }

    private Path checkpoint(String place, int updates) {
        return folder.resolve(place).resolve("checkpoints").resolve("step-" + updates);
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void signalLetsTheUpdateEndAndBeSaved(String signal, int status) throws IOException, InterruptedException {
        Process training = started(training("ended", 1000));
        List<String> said = signalled(signal, training, "ended");
        assertThat(training.exitValue()).as(String.join("\n", said)).isEqualTo(status);
        assertThat(said.getLast()).containsPattern("^stopped and saved after \\d+ of 1000 updates; .*--resume latest");
        int updates = Integer.parseInt(said.getLast().replaceFirst("^\\D+(\\d+) of .*", "$1"));
        assertThat(checkpoint("ended", updates)).isDirectory();
    }

    @Test
    void killedTrainingGoesOnToTheBytesOfOneThatWasNot() throws IOException, InterruptedException {
        Ran whole = Ran.with(training("whole", 12).toArray(String[]::new));
        assertThat(whole.status()).as(whole.err()).isZero();
        Process killed = started(training("killed", 12));
        signalled("KILL", killed, "killed");
        assertThat(killed.exitValue()).isEqualTo(128 + 9);
        assertThat(checkpoint("killed", 12)).doesNotExist();
        Ran rest = Ran.with(training("killed", 12, "--resume", "latest").toArray(String[]::new));
        assertThat(rest.status()).as(rest.err()).isZero();
        for (String file : List.of("projection.safetensors", "checkpoints/step-12/state.safetensors")) {
            assertThat(Files.mismatch(
                            folder.resolve("whole").resolve(file),
                            folder.resolve("killed").resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }
}
