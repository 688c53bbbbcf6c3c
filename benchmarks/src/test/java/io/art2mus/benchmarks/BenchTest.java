package io.art2mus.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command on the small model. */
class BenchTest {
    @BeforeAll
    static void standWhereTheLauncherDoes() {
        System.setProperty("art2mus.home", Path.of("..").toAbsolutePath().toString());
    }

    record Ran(int status, String out, String err) {}

    static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Bench.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Ran(command.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void listNamesPartsAndTheNetworksOperations() {
        Ran ran = run("--list");
        assertThat(ran.status()).isZero();
        assertThat(ran.out().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .contains("t-unet", "vae-decoder", "vocoder", "gpt2", "micro-step", "encoders/flan-t5", "generation")
                .anyMatch(name -> name.startsWith("operations/attention/"))
                .doesNotHaveDuplicates();
    }

    @Test
    void listOfANameIsWhatItSelects() {
        assertThat(run("--list", "encoders").out().lines()).hasSize(4).allMatch(line -> line.startsWith("encoders/"));
    }

    @Test
    void unknownNameIsAUsageErrorOfOneLine() {
        Ran ran = run("t-une");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).startsWith("error: 't-une' is no benchmark").hasLineCount(1);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void negativeDurationIsAUsageError() {
        Ran ran = run("gpt2", "--seconds", "-1");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).startsWith("error: --seconds is -1.0").hasLineCount(1);
    }

    @Test
    void everyKindOfOperationRunsByItself() {
        Ran ran = run("operations/add", "operations/attention", "operations/selectrow", "--seconds", "0.001");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("operations/add/").contains("operations/attention/");
    }

    @Test
    void microStepGoesForwardAndBack() {
        Ran ran = run("micro-step", "--seconds", "0.001", "--precision", "f32");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).containsPattern("(?m)^micro-step +\\d.* %$");
    }

    @Test
    void measuresAndProfiles(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("bench.json");
        Path recording = folder.resolve("bench.jfr");
        Ran ran = run(
                "gpt2",
                "--seconds",
                "0.001",
                "--precision",
                "f32",
                "--json",
                json.toString(),
                "--profile",
                recording.toString());
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("precision f32").containsPattern("(?m)^gpt2 +\\d");
        assertThat(json).content().contains("\"gpt2\"");
        assertThat(recording).isNotEmptyFile();
        assertThat(Files.readString(folder.resolve("bench.jfr.svg")))
                .startsWith("<svg")
                .contains(">language_model<")
                .contains("<title>Linear: ");
    }
}
