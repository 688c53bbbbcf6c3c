package io.art2mus.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.ffi.cuda.Cuda;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command with {@code --device cuda}, on the emulated device. */
@Tag("emulated")
class EmulatedGpuBenchTest {
    @BeforeAll
    static void standWhereTheLauncherDoes() {
        assumeTrue(Cuda.status().available(), "the emulated device was built");
        BenchTest.standWhereTheLauncherDoes();
    }

    @Test
    void measuresNetworksAndOperationsAgainstTheDevicesOwnCeilings(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("bench.json");
        BenchTest.Ran ran = BenchTest.run(
                "gpt2", "operations/add", "--device", "cuda", "--seconds", "0.001", "--json", json.toString());
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).startsWith("device emulated sm_86").contains("precision f16", "TFLOP/s in a product");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/ceilings/productFlops").asDouble()).isPositive();
        assertThat(report.at("/ceilings/copyBytesPerSecond").asDouble()).isPositive();
        assertThat(report.at("/benchmarks"))
                .hasSizeGreaterThan(1)
                .allSatisfy(benchmark ->
                        assertThat(benchmark.at("/ceiling_share").asDouble()).isPositive());
    }

    @Test
    void whatTheCpuComputesWhateverTheDeviceIsRefusedInOneLine() {
        BenchTest.Ran ran = BenchTest.run("encoders/flan-t5", "--device", "cuda");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("error: encoders/flan-t5 (measured by the CPU): give --device cpu")
                .hasLineCount(1);
    }

    @Test
    void whatOnlyAGpuHasIsRefusedOnTheCpuInOneLine() {
        BenchTest.Ran ran = BenchTest.run("t-unet-eager", "--device", "cpu");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("error: t-unet-eager (measured on a GPU): give --device cuda")
                .hasLineCount(1);
    }

    @Test
    void flameGraphsAreTheCpus() {
        BenchTest.Ran ran = BenchTest.run("gpt2", "--device", "cuda", "--profile", "never.jfr");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("error: --profile draws what the CPU does")
                .hasLineCount(1);
    }
}
