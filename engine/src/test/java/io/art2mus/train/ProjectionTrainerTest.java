package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.model.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProjectionTrainerTest extends ProjectionTrainerContract {
    ProjectionTrainerTest() {
        super(Device.REFERENCE);
    }

    /** In a process of its own, whose native memory Java counts. */
    @Test
    void aHundredUpdatesOnTheCpuHoldNoMoreMemoryThanOne() throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:NativeMemoryTracking=summary",
                "-cp",
                System.getProperty("java.class.path"),
                NativeMemoryOfUpdates.class.getName(),
                "100");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        List<String> lines = said.lines().toList();
        System.out.printf("training on the CPU after 1 update: %s, after 100: %s%n", lines.getFirst(), lines.getLast());
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast()).isEqualTo(lines.getFirst());
    }
}
