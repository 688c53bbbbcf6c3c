package io.art2mus.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.cuda.Cuda;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code art2mus generate --device cuda} on the emulated device, each time in a process of its own, for which the device is another. */
@Tag("emulated")
class EmulatedGpuTest {
    private static final List<String> LIBRARIES = List.of("cuda_driver", "nvrtc", "cublaslt", "cudnn", "nvtx");

    @TempDir
    Path folder;

    @BeforeEach
    void requireTheDevice() {
        assumeTrue(Cuda.status().available(), "the emulated device was built");
    }

    /** How the command ended, what it said on standard error, and what the device said there. */
    private record Ended(int status, List<String> said, List<String> device) {}

    private Path sound() {
        return folder.resolve("sound.wav");
    }

    private Ended generate(Map<String, String> environment, String... properties)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-Dart2mus.home=.."));
        LIBRARIES.stream()
                .map(name -> "art2mus.library." + name)
                .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
        command.addAll(List.of(properties));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.art2mus.cli.Art2Mus", "generate"));
        command.addAll(List.of("-p", "rain", "--seconds", "0.5", "--steps", "2", "--device", "cuda", "--no-cache"));
        command.addAll(List.of("-q", "-o", sound().toString()));
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(errors.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        List<String> lines = Files.readAllLines(errors);
        Files.delete(errors);
        return new Ended(
                status,
                lines.stream().filter(line -> !isOfDevice(line)).toList(),
                lines.stream().filter(EmulatedGpuTest::isOfDevice).toList());
    }

    private static boolean isOfDevice(String line) {
        return line.startsWith("emulated device: ") || line.startsWith("range:");
    }

    private void assertRefused(Ended ended, String... words) throws IOException {
        assertThat(ended.said()).hasSize(1);
        assertThat(ended.said().getFirst()).startsWith("error: ").contains(words);
        assertThat(ended.status()).isEqualTo(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aWholeGenerationShowsAProfilerStagesNetworksAndOperations() throws Exception {
        Ended ended = generate(Map.of("NVTX_INJECTION64_PATH", "/a/profiler.so"));
        assertThat(ended.said()).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(sound()).isNotEmptyFile();
        assertThat(ended.device())
                .contains("range: denoising", "range:   step", "range: synthesising the waveform", "range:   vocoder")
                .anyMatch(line -> line.matches("range: +Attention"));
    }

    @Test
    void withoutAProfilerNothingIsRanged() throws Exception {
        Ended ended = generate(Map.of());
        assertThat(ended.status()).isZero();
        assertThat(ended.device()).isEmpty();
    }

    @Test
    void aDeviceThatIsLostInMidGenerationIsOneLineAndNoFileAndEverythingIsReleased() throws Exception {
        for (String kernels : List.of("0", "100", "1000")) {
            Ended ended = generate(Map.of("ART2MUS_EMULATED_LOST_AFTER", kernels));
            assertRefused(ended, "CUDA_ERROR_LAUNCH_FAILED", "start again", "Xid");
            assertThat(ended.device()).hasSize(2);
            assertThat(ended.device().getFirst()).contains("the device is lost");
            assertThat(ended.device().getLast()).contains("the context ends after a fault");
        }
    }

    @Test
    void tooLittleMemorySaysWhatWasAskedAndIsFreeAndWhatToDo() throws Exception {
        assertRefused(
                generate(Map.of("ART2MUS_EMULATED_MEMORY", "10000000")),
                "the GPU has no room for",
                "of its memory are free",
                "--precision",
                "fewer candidates",
                "--device cpu");
    }

    @Test
    void aDriverThatIsTooOldIsNamedWithTheOneThatIsNeeded() throws Exception {
        assertRefused(
                generate(Map.of("ART2MUS_EMULATED_DRIVER", "12080")),
                "the driver supports CUDA 12.8",
                "version 580 or newer");
    }

    @Test
    void aGpuThatIsTooOldIsNamedWithItsComputeCapability() throws Exception {
        assertRefused(generate(Map.of("ART2MUS_EMULATED_SM", "75")), "compute capability 7.5, 8.0 or newer is needed");
    }

    @Test
    void noDriverSaysWhatToInstall() throws Exception {
        assertRefused(generate(Map.of(), "-Dart2mus.library.cuda_driver=/nowhere"), "CUDA driver", "install NVIDIA's");
    }

    @Test
    void noCudnnSaysWhatToInstall() throws Exception {
        assertRefused(generate(Map.of(), "-Dart2mus.library.cudnn=/nowhere"), "cuDNN", "install cuDNN 9");
    }
}
