package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaContext;
import io.art2mus.ffi.cuda.CudaFunction;
import io.art2mus.ffi.cuda.CudaModule;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.DeviceMemory;
import io.art2mus.ffi.cuda.KernelArguments;
import io.art2mus.ffi.nvrtc.Nvrtc;
import io.art2mus.ffi.nvrtc.NvrtcProgram;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A fault that nothing but AddressSanitizer sees ends the process: so the profile {@code asan}, which runs this, would turn red. */
@Tag("asan")
class AddressSanitizerTest {
    @Test
    void readJustBehindAnAllocationEndsTheProcess() throws IOException, InterruptedException {
        Child child = Child.of(Overread.class);
        assertThat(child.status()).isNotZero();
        assertThat(child.output())
                .contains("inside", "ERROR: AddressSanitizer", "READ of size 4", "faults_read_f32")
                .doesNotContain("behind");
    }

    /** Reads the last of three floats, then what would be the fourth. */
    static final class Overread {
        private static final int FLOATS = 3;

        private Overread() {}

        public static void main(String[] arguments) throws IOException {
            Cuda cuda = Cuda.load();
            try (HandleScope scope = new HandleScope()) {
                Arena arena = scope.own(Arena.ofConfined());
                scope.own(CudaContext.open(cuda, cuda.devices().getFirst()));
                CudaStream stream = scope.own(CudaStream.open(cuda));
                DeviceMemory memory = scope.own(DeviceMemory.allocate(cuda, FLOATS * Float.BYTES));
                try (NvrtcProgram program = NvrtcProgram.compile(
                        Nvrtc.load(), "faults.cu", Files.readString(PlantedFaultTest.SOURCE), Map.of(), List.of())) {
                    CudaFunction read =
                            scope.own(CudaModule.load(cuda, program.cubin())).function("faults_read_f32");
                    for (long index : new long[] {FLOATS - 1, FLOATS}) {
                        read.launch(
                                stream,
                                new CudaFunction.Shape(1, 1, 1, 1, 1, 1, 0),
                                KernelArguments.of(arena, memory, index));
                        stream.synchronize();
                        System.out.println(index < FLOATS ? "read inside" : "read behind");
                    }
                }
            }
        }
    }
}
