package io.art2mus.ffi.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CudaTest {
    /** {@code x[i] += 1} for i below 1000, as a compiler would write it for any GPU since sm_50. */
    private static final String ADD_ONE = """
            .version 7.0
            .target sm_50
            .address_size 64
            .visible .entry add_one(.param .u64 x, .param .u64 n)
            {
                .reg .pred %p; .reg .f32 %f; .reg .b32 %r<4>; .reg .b64 %d<5>;
                ld.param.u64 %d0, [x];
                ld.param.u64 %d1, [n];
                mov.u32 %r0, %ctaid.x;
                mov.u32 %r1, %ntid.x;
                mov.u32 %r2, %tid.x;
                mad.lo.u32 %r3, %r0, %r1, %r2;
                cvt.u64.u32 %d2, %r3;
                setp.ge.u64 %p, %d2, %d1;
                @%p ret;
                shl.b64 %d3, %d2, 2;
                add.u64 %d4, %d0, %d3;
                ld.global.f32 %f, [%d4];
                add.f32 %f, %f, 0f3F800000;
                st.global.f32 [%d4], %f;
                ret;
            }
            \0""";

    private static Cuda gpu() {
        if (Boolean.getBoolean("require.gpu")) {
            return Cuda.load();
        }
        assumeTrue(Cuda.status().available(), "there is a GPU");
        return Cuda.load();
    }

    @Test
    void whereThereIsNoDriverTheReasonIsTheLinkersText() {
        assumeFalse(Cuda.status().available(), "there is no GPU");
        assertThat(Cuda.status()).isInstanceOfSatisfying(LibraryStatus.Unavailable.class, absent -> {
            System.out.println("CUDA is not tested: " + absent.reason());
            assertThat(absent.reason()).contains("libcuda.so.1");
            assertThat(absent.remedy()).isNotEmpty();
        });
        assertThatThrownBy(Cuda::load)
                .isInstanceOf(LibraryUnavailableException.class)
                .hasMessageStartingWith("CUDA driver cannot be used: ");
    }

    @Test
    void driverThatIsTooOldIsToldWhatIsNeeded() {
        assertThat(Cuda.supportedVersion(13020)).isEqualTo("13.2");
        assertThatThrownBy(() -> Cuda.supportedVersion(12080))
                .isInstanceOf(LibraryUnavailableException.class)
                .hasMessage("CUDA driver cannot be used: the driver supports CUDA 12.8, CUDA 13 is needed;"
                        + " install NVIDIA's driver, version 580 or newer");
    }

    @Test
    void runtimeIsThirteenWhereItIsFound() {
        assumeTrue(CudaRuntime.status().available(), "the CUDA runtime is installed");
        assertThat(((LibraryStatus.Available) CudaRuntime.status()).version()).startsWith("13.");
    }

    @Test
    void devicesTellWhatTheyAre() {
        assertThat(gpu().devices()).isNotEmpty().allSatisfy(device -> {
            assertThat(device.name()).isNotBlank();
            assertThat(device.computeCapability()).matches("\\d+\\.\\d");
            assertThat(device.memoryBytes()).isGreaterThan(1L << 30);
        });
    }

    @Test
    void kernelRunsOnAStreamBetweenTwoEvents() {
        Cuda cuda = gpu();
        try (HandleScope scope = new HandleScope();
                Arena arena = Arena.ofConfined()) {
            CudaContext context =
                    scope.own(CudaContext.open(cuda, cuda.devices().getFirst()));
            assertThat(context.freeBytes()).isPositive();
            CudaStream stream = scope.own(CudaStream.open(cuda));
            CudaEvent start = scope.own(CudaEvent.open(cuda));
            CudaEvent end = scope.own(CudaEvent.open(cuda));
            CudaModule module = scope.own(CudaModule.load(cuda, ADD_ONE.getBytes(StandardCharsets.US_ASCII)));
            int length = 1000;
            DeviceMemory memory = scope.own(DeviceMemory.allocate(cuda, length * JAVA_FLOAT.byteSize()));
            MemorySegment host = arena.allocate(JAVA_FLOAT, length);
            host.setAtIndex(JAVA_FLOAT, length - 1, 41);
            memory.upload(0, host);
            start.record(stream);
            module.function("add_one")
                    .launch(stream, CudaFunction.Shape.linear(8, 128), KernelArguments.of(arena, memory, (long)
                            length));
            end.record(stream);
            stream.synchronize();
            memory.download(0, host);
            assertThat(host.getAtIndex(JAVA_FLOAT, 0)).isEqualTo(1);
            assertThat(host.getAtIndex(JAVA_FLOAT, length - 1)).isEqualTo(42);
            assertThat(end.millisecondsSince(start)).isNotNegative();
        }
    }

    @Test
    void wrongCallsAreTypedErrors() {
        Cuda cuda = gpu();
        try (HandleScope scope = new HandleScope()) {
            scope.own(CudaContext.open(cuda, cuda.devices().getFirst()));
            assertThatThrownBy(() -> DeviceMemory.allocate(cuda, 0))
                    .isInstanceOf(CudaException.class)
                    .hasMessage("cuMemAlloc failed: CUDA_ERROR_INVALID_VALUE (1), invalid argument");
            assertThatThrownBy(() -> CudaModule.load(cuda, "no kernel\0".getBytes(StandardCharsets.US_ASCII)))
                    .isInstanceOf(CudaException.class)
                    .hasMessageStartingWith("cuModuleLoadData failed: CUDA_ERROR_INVALID_");
            CudaModule module = scope.own(CudaModule.load(cuda, ADD_ONE.getBytes(StandardCharsets.US_ASCII)));
            assertThatThrownBy(() -> module.function("add_two"))
                    .isInstanceOf(CudaException.class)
                    .hasMessageStartingWith("cuModuleGetFunction failed: CUDA_ERROR_NOT_FOUND (500)");
        }
    }

    @Test
    void memoryIsBoundedOwnedAndClosedOnce() {
        Cuda cuda = gpu();
        try (HandleScope scope = new HandleScope();
                Arena arena = Arena.ofConfined()) {
            scope.own(CudaContext.open(cuda, cuda.devices().getFirst()));
            DeviceMemory memory = scope.own(DeviceMemory.allocate(cuda, 4));
            MemorySegment eight = arena.allocate(8);
            assertThatThrownBy(() -> memory.upload(0, eight)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.download(1, eight.asSlice(0, 4)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> CompletableFuture.runAsync(memory::close).join())
                    .hasCauseInstanceOf(WrongThreadException.class);
            memory.close();
            memory.close();
            assertThatThrownBy(() -> memory.upload(0, eight.asSlice(0, 4)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("DeviceMemory is closed");
        }
    }
}
