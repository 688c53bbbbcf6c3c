package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.nvrtc.Nvrtc;
import io.art2mus.ffi.nvrtc.NvrtcProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelSourceTest {
    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/cuda"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".cu"))
                    .map(file -> file.substring(0, file.length() - ".cu".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void machineCodeIsFoundByTheDigestOfWhatItWasCompiledFrom() throws IOException, InterruptedException {
        Process digest = new ProcessBuilder(
                        "sh",
                        "-c",
                        "cat attention.cu attention.cuh attention_f32.cuh device/device.cuh elements.cuh group_norm.cuh | sha256sum")
                .directory(Path.of("src/main/cuda").toFile())
                .start();
        String hexadecimal = new String(digest.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(digest.waitFor()).isZero();
        assertThat(new KernelSource("attention").fatBinaryName())
                .isEqualTo("attention." + hexadecimal.substring(0, 16) + ".fatbin");
    }

    @ParameterizedTest
    @MethodSource("names")
    void compilesByItselfWithoutAWarning(String name) {
        if (Nvrtc.status() instanceof LibraryStatus.Unavailable absent) {
            System.out.println("kernels are not compiled: " + absent.reason());
        }
        assumeTrue(Nvrtc.status().available(), "NVRTC is installed");
        KernelSource source = new KernelSource(name);
        try (NvrtcProgram program = NvrtcProgram.compile(
                Nvrtc.load(),
                source.fileName(),
                source.text(),
                KernelSource.headers(),
                Kernels.options("--gpu-architecture=compute_80"))) {
            assertThat(program.log()).isEmpty();
            assertThat(program.ptx()).contains(".entry " + name + "_");
        }
    }
}
