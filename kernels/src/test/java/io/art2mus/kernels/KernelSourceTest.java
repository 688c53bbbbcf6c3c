package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.nvrtc.Nvrtc;
import io.art2mus.ffi.nvrtc.NvrtcProgram;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelSourceTest {
    @Test
    void siluCompilesWithoutAWarning() {
        if (Nvrtc.status() instanceof LibraryStatus.Unavailable absent) {
            System.out.println("kernels are not compiled: " + absent.reason());
        }
        assumeThat(Nvrtc.status().available()).as("NVRTC is installed").isTrue();
        KernelSource silu = KernelSource.silu();
        try (NvrtcProgram program = NvrtcProgram.compile(
                Nvrtc.load(), silu.fileName(), silu.text(), List.of("--gpu-architecture=compute_80"))) {
            assertThat(program.log()).isEmpty();
            assertThat(program.ptx()).contains(".entry silu_forward_f32(", ".entry silu_backward_f32(");
        }
    }
}
