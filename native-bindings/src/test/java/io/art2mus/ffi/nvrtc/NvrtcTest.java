package io.art2mus.ffi.nvrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.LibraryStatus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NvrtcTest {
    private static final String ADD_ONE = """
            extern "C" __global__ void add_one(float* x, long n) {
                const long i = (long)blockIdx.x * blockDim.x + threadIdx.x;
                if (i < n) x[i] += 1.0f;
            }
            """;

    @BeforeAll
    static void nvrtcIsHere() {
        if (Nvrtc.status() instanceof LibraryStatus.Unavailable absent) {
            System.out.println("NVRTC is not tested: " + absent.reason());
        }
        assumeTrue(Nvrtc.status().available(), "NVRTC is installed");
    }

    @Test
    void kernelCompilesToPtx() {
        try (NvrtcProgram program = NvrtcProgram.compile(
                Nvrtc.load(), "add_one.cu", ADD_ONE, Map.of(), List.of("--gpu-architecture=compute_80"))) {
            assertThat(program.ptx()).contains(".target sm_80").contains(".entry add_one(");
            assertThat(program.cubin()).isEmpty();
            assertThat(program.log()).isEmpty();
        }
    }

    @Test
    void kernelCompilesToMachineCodeOfEveryArchitectureWeShipFor() {
        assertThat(Nvrtc.load().architectures()).contains(80, 86, 89, 90, 100, 120);
        for (int architecture : new int[] {80, 90, 120}) {
            try (NvrtcProgram program = NvrtcProgram.compile(
                    Nvrtc.load(), "add_one.cu", ADD_ONE, Map.of(), List.of("--gpu-architecture=sm_" + architecture))) {
                assertThat(new String(Arrays.copyOf(program.cubin(), 4), StandardCharsets.ISO_8859_1))
                        .isEqualTo("\u007fELF");
            }
        }
    }

    @Test
    void headersAreFoundByTheNameThatTheSourceIncludes() {
        try (NvrtcProgram program = NvrtcProgram.compile(
                Nvrtc.load(),
                "seven.cu",
                "#include \"number.cuh\"\nextern \"C\" __global__ void seven(int* x) { *x = NUMBER; }\n",
                Map.of("number.cuh", "#define NUMBER 7\n"),
                List.of("--gpu-architecture=compute_80"))) {
            assertThat(program.ptx()).contains(".entry seven(");
        }
    }

    @Test
    void sourceErrorNamesFileAndLineAndKeepsTheLog() {
        assertThatThrownBy(() -> NvrtcProgram.compile(
                        Nvrtc.load(),
                        "broken.cu",
                        "extern \"C\" __global__ void broken() {\n  nonsense;\n}\n",
                        Map.of(),
                        List.of()))
                .isInstanceOfSatisfying(NvrtcException.class, failure -> {
                    assertThat(failure)
                            .hasMessage("nvrtcCompileProgram failed: NVRTC_ERROR_COMPILATION (6), broken.cu(2): error:"
                                    + " identifier \"nonsense\" is undefined");
                    assertThat(failure.log()).contains("1 error detected");
                    assertThat(failure.call()).isEqualTo("nvrtcCompileProgram");
                });
    }

    @Test
    void unknownOptionIsNamed() {
        assertThatThrownBy(
                        () -> NvrtcProgram.compile(Nvrtc.load(), "add_one.cu", ADD_ONE, Map.of(), List.of("--faster")))
                .isInstanceOf(NvrtcException.class)
                .hasMessageContaining("NVRTC_ERROR_INVALID_OPTION (5)")
                .hasMessageContaining("--faster");
    }

    @Test
    void closingTwiceIsOnceAndUseAfterCloseOrElsewhereIsAnError() {
        NvrtcProgram program = NvrtcProgram.compile(
                Nvrtc.load(), "add_one.cu", ADD_ONE, Map.of(), List.of("--gpu-architecture=compute_80"));
        assertThatThrownBy(() -> CompletableFuture.supplyAsync(program::ptx).join())
                .hasCauseInstanceOf(WrongThreadException.class);
        program.close();
        program.close();
        assertThatThrownBy(program::ptx)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("NvrtcProgram is closed");
    }
}
