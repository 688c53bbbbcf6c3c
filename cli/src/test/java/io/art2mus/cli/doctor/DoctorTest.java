package io.art2mus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is told about this machine, and about machines that lack something. */
class DoctorTest {
    @Test
    void jsonTellsOfThisMachineWhatTheKernelAndTheLibrariesTell() throws Exception {
        StringWriter out = new StringWriter();
        int status = new CommandLine(new Doctor()).setOut(new PrintWriter(out)).execute("--json");
        JsonNode found = new ObjectMapper().readTree(out.toString());

        assertThat(status).as(out.toString()).isZero();
        assertThat(found.path("ready").asBoolean()).isTrue();
        assertThat(found.at("/java/version").asText())
                .isEqualTo(Runtime.version().toString());
        assertThat(Files.readString(Path.of("/proc/cpuinfo")))
                .contains(found.at("/cpu/model").asText());
        assertThat(found.at("/cpu/instructionSet").asText()).isNotEmpty();
        assertThat(found.at("/cpu/threads").asInt()).isPositive();
        assertThat(found.at("/memory/available").asLong())
                .isPositive()
                .isLessThanOrEqualTo(found.at("/memory/total").asLong());
        for (JsonNode library : found.path("libraries")) {
            if (library.path("required").asBoolean()) {
                assertThat(library.path("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
                assertThat(Path.of(library.path("path").asText())).isRegularFile();
            } else if (!library.path("available").asBoolean()) {
                assertThat(library.path("reason").asText()).isNotEmpty();
                assertThat(library.path("remedy").asText()).isNotEmpty();
            }
        }
        assertThat(found.path("soundFormats").findValuesAsText("extension")).contains("wav", "flac");
        assertThat(found.at("/caches/sizes/natives").asLong()).isPositive();
    }

    @Test
    void missingLibraryIsNamedWithItsReasonAndRemedy() {
        Diagnosis found = machineWith(new Diagnosis.Library(
                "libsndfile", true, false, null, null, "cannot open shared object file", "install it"));
        assertThat(found.ready()).isFalse();
        assertThat(DiagnosisTable.of(found))
                .contains("libsndfile               no: cannot open shared object file; install it\n")
                .endsWith("verdict                  a picture cannot be turned into sound without libsndfile\n");
    }

    @Test
    void absentGpuLibrariesDoNotKeepAPictureFromBecomingSound() {
        Diagnosis found = machineWith(new Diagnosis.Library(
                "cuDNN", false, false, null, null, "cannot open shared object file", "install it"));
        assertThat(found.ready()).isTrue();
        assertThat(DiagnosisTable.of(found))
                .endsWith("verdict                  a picture can be turned into sound on this machine\n");
    }

    private static Diagnosis machineWith(Diagnosis.Library library) {
        return new Diagnosis(
                "0.1.0",
                new Diagnosis.Java("25.0.3", "vendor", "/jdk"),
                new Diagnosis.Cpu("model", 1, null, false, false),
                new Diagnosis.Memory(4L << 30, 3L << 30, 100 << 20, 512 << 20),
                List.of(library),
                List.of(),
                "cpu",
                List.of(),
                new Diagnosis.Caches("/cache", Map.of()));
    }
}
