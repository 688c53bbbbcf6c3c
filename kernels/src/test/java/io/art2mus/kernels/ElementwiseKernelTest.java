package io.art2mus.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaContext;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.DeviceMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("gpu")
class ElementwiseKernelTest {
    private static final double LIMIT = 1e-6;

    private static Cuda gpu() {
        assumeThat(Boolean.getBoolean("require.gpu") || Cuda.status().available())
                .as("there is a GPU, or an emulated device")
                .isTrue();
        return Cuda.load();
    }

    @Test
    void siluOfALengthThatNoVectorDividesIsTheFormula() {
        Cuda cuda = gpu();
        int length = 1003;
        try (HandleScope scope = new HandleScope();
                Arena arena = Arena.ofConfined()) {
            scope.own(CudaContext.open(cuda, cuda.devices().getFirst()));
            CudaStream stream = scope.own(CudaStream.open(cuda));
            Kernels kernels = Kernels.open(cuda, cuda.devices().getFirst(), null);
            try (kernels) {
                MemorySegment x = arena.allocate(JAVA_FLOAT, length);
                MemorySegment y = arena.allocate(JAVA_FLOAT, length);
                for (int i = 0; i < length; i++) {
                    x.setAtIndex(JAVA_FLOAT, i, (i - 500) * 0.01f);
                }
                DeviceMemory memory = scope.own(DeviceMemory.allocate(cuda, x.byteSize()));
                memory.upload(0, x);
                ElementwiseKernel.forward(
                                kernels,
                                arena,
                                Elements.F32,
                                ElementwiseKernel.Function.SILU,
                                length,
                                memory.devicePointer(),
                                memory.devicePointer())
                        .enqueue(stream);
                stream.synchronize();
                memory.download(0, y);
                double worst = 0;
                for (int i = 0; i < length; i++) {
                    double value = x.getAtIndex(JAVA_FLOAT, i);
                    worst = Math.max(worst, Math.abs(y.getAtIndex(JAVA_FLOAT, i) - value / (1 + Math.exp(-value))));
                }
                System.out.printf("silu: %.1e (limit %.0e)%n", worst, LIMIT);
                assertThat(worst).isLessThan(LIMIT);
            }
        }
    }
}
