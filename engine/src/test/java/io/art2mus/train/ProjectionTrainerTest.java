package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.model.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectionTrainerTest extends ProjectionTrainerContract {
    ProjectionTrainerTest() {
        super(Device.REFERENCE);
    }

    @ParameterizedTest
    @CsvSource({"train_art2mus_mse, 1, ,", "train_art2mus_snr_cfg, 1, 3.5, 5", "train_art2mus_4_snr_cfg, 4, 3.5, 5"})
    void lossNormAndWeightsFollowPyTorch(String file, int tokens, @Nullable Double guidance, @Nullable Double gamma) {
        requireAsPyTorch(file, tokens, guidance, gamma);
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
