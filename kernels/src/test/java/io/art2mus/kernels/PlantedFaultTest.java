package io.art2mus.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cublaslt.CublasLt;
import io.art2mus.ffi.cublaslt.CublasLtException;
import io.art2mus.ffi.cublaslt.CublasLtHandle;
import io.art2mus.ffi.cublaslt.Matmul;
import io.art2mus.ffi.cublaslt.MatrixElements;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaContext;
import io.art2mus.ffi.cuda.CudaException;
import io.art2mus.ffi.cuda.CudaFunction;
import io.art2mus.ffi.cuda.CudaModule;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.DeviceMemory;
import io.art2mus.ffi.cuda.KernelArguments;
import io.art2mus.ffi.nvrtc.Nvrtc;
import io.art2mus.ffi.nvrtc.NvrtcException;
import io.art2mus.ffi.nvrtc.NvrtcProgram;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a GPU would not forgive turns the emulated device red, for the reason that it is wrong. */
@Tag("emulated")
class PlantedFaultTest {
    static final Path SOURCE = Path.of("src/test/emulated-device/faults/faults.cu");
    private static final int FLOATS = 256;
    private static final long FLOAT = JAVA_FLOAT.byteSize();

    /** What most faults need: memory, a stream, and the faulty kernels. */
    private static final class Rig implements AutoCloseable {
        final Cuda cuda = loaded();
        final HandleScope scope = new HandleScope();
        final Arena arena = scope.own(Arena.ofConfined());
        final CudaStream stream;
        final DeviceMemory memory;
        final CudaModule module;

        Rig() throws IOException {
            scope.own(CudaContext.open(cuda, cuda.devices().getFirst()));
            stream = scope.own(CudaStream.open(cuda));
            memory = scope.own(DeviceMemory.allocate(cuda, FLOATS * FLOAT));
            try (NvrtcProgram program = compiled(Files.readString(SOURCE))) {
                module = scope.own(CudaModule.load(cuda, program.cubin()));
            }
        }

        void launch(String kernel, int threads, int sharedBytes, Object... arguments) {
            module.function("faults_" + kernel + "_f32")
                    .launch(
                            stream,
                            new CudaFunction.Shape(1, 1, 1, threads, 1, 1, sharedBytes),
                            KernelArguments.of(arena, arguments));
        }

        float[] run(String kernel, int threads, int sharedBytes, Object... arguments) {
            launch(kernel, threads, sharedBytes, arguments);
            stream.synchronize();
            return contents();
        }

        float[] contents() {
            MemorySegment host = arena.allocate(JAVA_FLOAT, FLOATS);
            memory.download(0, host);
            return host.toArray(JAVA_FLOAT);
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    /** What uses a {@link Rig}. */
    private interface Work {
        void on(Rig rig) throws Exception;
    }

    private static Cuda loaded() {
        assumeTrue(Cuda.status().available(), "the emulated device was built");
        Cuda cuda = Cuda.load();
        assumeTrue(cuda.devices().getFirst().name().startsWith("emulated"), "no kernel with a fault runs on a GPU");
        return cuda;
    }

    private static NvrtcProgram compiled(String source) {
        return NvrtcProgram.compile(Nvrtc.load(), "faults.cu", source, Map.of(), List.of());
    }

    private static ThrowingCallable on(Work work) {
        return () -> {
            try (Rig rig = new Rig()) {
                work.on(rig);
            }
        };
    }

    private static void assertFails(Work work, String name, String reason) {
        assertThatThrownBy(on(work))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(reason);
    }

    private static void assertAllNaN(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(values[i]).as("value " + i).isNaN();
        }
    }

    @Test
    void kernelWithItsBarrierIsRightAndWithoutItReadsWhatNobodyWroteYet() throws IOException {
        try (Rig rig = new Rig()) {
            float[] right = rig.run("reverse", 64, 0, rig.memory);
            float[] wrong = rig.run("missing_barrier", 64, 0, rig.memory);
            boolean unwritten = false;
            for (int i = 0; i < 64; i++) {
                assertThat(right[i]).isEqualTo(63 - i);
                unwritten |= Float.isNaN(wrong[i]);
            }
            assertThat(unwritten).isTrue();
        }
    }

    @Test
    void barrierThatHalfTheThreadsMissIsALaunchFailure() {
        assertFails(
                rig -> rig.run("barrier_for_half", 64, 0, rig.memory),
                "CUDA_ERROR_LAUNCH_FAILED",
                "diverging barrier: thread 0 waits at");
    }

    @Test
    void barriersAtTwoPlacesAreNotOne() {
        assertFails(
                rig -> rig.run("two_barriers", 64, 0, rig.memory),
                "CUDA_ERROR_LAUNCH_FAILED",
                "diverging barrier: thread 0");
    }

    @Test
    void shuffleThatHalfAWarpMissesIsALaunchFailure() {
        assertFails(rig -> rig.run("half_a_warp", 32, 0, rig.memory), "CUDA_ERROR_LAUNCH_FAILED", "__shfl_xor_sync");
    }

    @Test
    void resultIsNotThereBeforeTheStreamIsWaitedFor() throws IOException {
        try (Rig rig = new Rig()) {
            rig.launch("reverse", 64, 0, rig.memory);
            assertAllNaN(rig.contents(), 0, 64);
            rig.stream.synchronize();
            assertThat(rig.contents()[0]).isEqualTo(63);
        }
    }

    @Test
    void vectorAtAnAddressThatIsNoMultipleOfItsSizeIsMisaligned() {
        assertFails(
                rig -> rig.run("misaligned", 1, 0, rig.memory),
                "CUDA_ERROR_MISALIGNED_ADDRESS",
                "is not aligned to 16 bytes");
    }

    @Test
    void matrixRowInSharedMemoryMustBeAlignedToSixteen() {
        assertFails(
                rig -> rig.run("matrix_row", 32, 1024, rig.memory),
                "CUDA_ERROR_MISALIGNED_ADDRESS",
                "ldmatrix_x4 of a row");
    }

    @Test
    void writeFarBehindAnAllocationIsAnIllegalAddressWithItsKernelAndThread() {
        assertFails(
                rig -> rig.run("write", 1, 0, rig.memory, 4096L),
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                "kernel faults_write_f32, block (0, 0, 0), thread (0, 0, 0): write of");
    }

    @Test
    void writeJustBehindAnAllocationIsSeenToo() {
        assertFails(
                rig -> {
                    DeviceMemory three = rig.scope.own(DeviceMemory.allocate(rig.cuda, 3 * FLOAT));
                    rig.run("write", 1, 0, three, 3L);
                },
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                "something was written behind the end of the allocation");
    }

    @Test
    void memoryThatWasFreedBeforeTheKernelRanIsAnIllegalAddress() {
        assertFails(
                rig -> {
                    DeviceMemory freed = DeviceMemory.allocate(rig.cuda, FLOATS * FLOAT);
                    rig.launch("write", 1, 0, freed, 0L);
                    freed.close();
                    rig.stream.synchronize();
                },
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                "or in one that was freed");
    }

    @Test
    void hostsMemoryIsNoKernelsParameter() {
        assertFails(
                rig -> rig.run("write", 1, 0, rig.arena.allocate(FLOAT).address(), 0L),
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                "which is no memory of the device");
    }

    @Test
    void sharedMemoryThatNobodyWroteIsNaN() throws IOException {
        try (Rig rig = new Rig()) {
            assertAllNaN(rig.run("unwritten_shared", 64, 0, rig.memory), 0, 64);
        }
    }

    @Test
    void asynchronousCopyThatIsNotWaitedForHasNotHappened() throws IOException {
        try (Rig rig = new Rig()) {
            rig.memory.upload(0, rig.arena.allocate(JAVA_FLOAT, FLOATS));
            float[] values = rig.run("unwaited_copy", 16, 256, rig.memory);
            assertThat(values[0]).isZero();
            assertAllNaN(values, 64, 80);
        }
    }

    @Test
    void writeBehindASharedArrayIsAnIllegalAddress() {
        assertFails(
                rig -> rig.run("shared_overrun", 1, 0, rig.memory, 65),
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                "behind tile in shared");
    }

    @Test
    void moreSharedMemoryThanWasAskedForIsRefusedAtTheLaunch() {
        assertFails(
                rig -> rig.launch("matrix_row", 32, 49 << 10, rig.memory),
                "CUDA_ERROR_INVALID_VALUE",
                "and may have 49152");
    }

    @Test
    void moreSharedMemoryThanTheArchitectureHasCannotBeAskedFor() {
        assertFails(
                rig -> rig.module.function("faults_matrix_row_f32").allowSharedBytes(228 << 10),
                "CUDA_ERROR_INVALID_VALUE",
                "asks for 233472 bytes of shared memory");
    }

    @Test
    void sharedMemoryThatDoesNotFitBesideTheStaticIsRefusedOnceTheStaticIsKnown() {
        assertFails(
                rig -> {
                    rig.run("static_and_dynamic", 64, 64, rig.memory);
                    function(rig).allowSharedBytes(rig.cuda.devices().getFirst().sharedBytesPerBlock());
                },
                "CUDA_ERROR_INVALID_VALUE",
                "bytes of shared memory beside 256 static ones");
    }

    @Test
    void sharedMemoryThatDoesNotFitBesideTheStaticFailsTheFirstLaunch() {
        assertFails(
                rig -> {
                    function(rig).allowSharedBytes(rig.cuda.devices().getFirst().sharedBytesPerBlock());
                    rig.run("static_and_dynamic", 64, 64, rig.memory);
                },
                "CUDA_ERROR_LAUNCH_FAILED",
                "tile makes it 256 bytes of static shared memory");
    }

    private static CudaFunction function(Rig rig) {
        return rig.module.function("faults_static_and_dynamic_f32");
    }

    @Test
    void moreThreadsThanTheLaunchBoundsAreRefused() {
        assertFails(
                rig -> rig.launch("bound", 128, 0, rig.memory),
                "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
                "128 threads a block and bound to 64");
    }

    @Test
    void waitingInACaptureSpoilsIt() {
        assertFails(
                rig -> rig.stream.capture(rig.stream::synchronize),
                "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
                "capturing");
    }

    @Test
    void allocationInACaptureIsRefused() {
        assertFails(
                rig -> rig.stream.capture(() -> DeviceMemory.allocate(rig.cuda, 4)),
                "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
                "cuMemAlloc is not allowed while a stream is captured");
    }

    @Test
    void whatIsNotReleasedIsNamedWhenTheContextEnds() {
        assertFails(
                rig -> DeviceMemory.allocate(rig.cuda, 4),
                "CUDA_ERROR_ILLEGAL_STATE",
                "the context ends with 1 allocations that nobody released");
    }

    @Test
    void leadingDimensionLessThanARowIsRefused() {
        assertThatThrownBy(on(rig -> product(rig, 15)))
                .isInstanceOf(CublasLtException.class)
                .hasMessageContaining("CUBLAS_STATUS_INVALID_VALUE")
                .hasMessageContaining("a leading dimension is less than the lines it separates are long");
    }

    @Test
    void workspaceThatIsSmallerThanAnAlgorithmNeedsIsAnIllegalAddress() {
        assertFails(
                rig -> {
                    Matmul product = product(rig, 16);
                    long workspace =
                            rig.scope.own(DeviceMemory.allocate(rig.cuda, 256)).devicePointer();
                    assertThat(product.workspaceBytes(1)).isGreaterThan(256);
                    product.enqueue(rig.stream, 1, workspace);
                    rig.stream.synchronize();
                },
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                "cublasLtMatmul: the workspace is");
    }

    /** {@code [4, 16] · [16, 4]} in the rig's memory. */
    private static Matmul product(Rig rig, long stride) {
        CublasLtHandle handle = rig.scope.own(CublasLtHandle.open(CublasLt.load()));
        long start = rig.memory.devicePointer();
        Matmul.Rows result = new Matmul.Rows(start + 128 * FLOAT, 4);
        return rig.scope.own(Matmul.prepare(
                handle,
                new Matmul.Problem(
                        MatrixElements.FLOAT32,
                        MatrixElements.FLOAT32,
                        4,
                        4,
                        16,
                        new Matmul.Rows(start, stride),
                        false,
                        new Matmul.Rows(start + 64 * FLOAT, 16),
                        true,
                        Matmul.Epilogue.NONE,
                        0,
                        false,
                        result,
                        result),
                1 << 20));
    }

    @Test
    void sourceThatTheDeviceWasNotBuiltFromDoesNotCompile() {
        loaded();
        assertThatThrownBy(() -> compiled("__global__ void other() {}"))
                .isInstanceOf(NvrtcException.class)
                .hasMessageContaining("was not built from this source; build the project again");
    }

    @Test
    void codeForAGpuIsRefused() {
        assertFails(
                rig -> CudaModule.load(rig.cuda, ".version 7.0\0".getBytes(StandardCharsets.US_ASCII)),
                "CUDA_ERROR_NO_BINARY_FOR_GPU",
                "");
    }

    @Test
    void processEndsWhereTheHostReadsThroughADevicesAddress() throws IOException, InterruptedException {
        loaded();
        Child child = Child.of(HostRead.class);
        assertThat(child.status()).isNotZero();
        assertThat(child.output())
                .contains("emulated device: the host reads or writes device memory through its address")
                .doesNotContain("read it");
    }

    /** A process of its own, for it does not survive. */
    static final class HostRead {
        private HostRead() {}

        @SuppressWarnings("restricted")
        public static void main(String[] arguments) {
            Cuda cuda = Cuda.load();
            try (HandleScope scope = new HandleScope()) {
                scope.own(CudaContext.open(cuda, cuda.devices().getFirst()));
                DeviceMemory memory = scope.own(DeviceMemory.allocate(cuda, FLOAT));
                float value = MemorySegment.ofAddress(memory.devicePointer())
                        .reinterpret(FLOAT)
                        .get(JAVA_FLOAT, 0);
                System.out.println("read it: " + value);
            }
        }
    }
}
