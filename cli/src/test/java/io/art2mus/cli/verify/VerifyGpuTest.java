package io.art2mus.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.art2mus.cli.Ran;
import io.art2mus.ffi.cuda.Cuda;
import org.junit.jupiter.api.Test;

class VerifyGpuTest {
    @Test
    void withoutAGpuOneLineSaysWhatIsMissing() {
        assumeFalse(Cuda.status().available(), "there is no GPU");
        Ran ran = Ran.with("verify-gpu");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("error: no GPU can be verified on this machine: CUDA driver: ")
                .contains("install NVIDIA's driver, version 580 or newer")
                .hasLineCount(1);
    }

    @Test
    void whatIsNoGpuIsBadUsage() {
        Ran ran = Ran.with("verify-gpu", "--device", "cpu");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.lastLine()).contains("'cpu' is no GPU: give cuda or cuda:1");
    }
}
