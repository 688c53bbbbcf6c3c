package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cudart.cudart_h.C_INT;
import static io.art2mus.ffi.generated.cudart.cudart_h.cudaGetErrorName;
import static io.art2mus.ffi.generated.cudart.cudart_h.cudaGetErrorString;
import static io.art2mus.ffi.generated.cudart.cudart_h.cudaRuntimeGetVersion;
import static io.art2mus.ffi.generated.cudart.cudart_h.cudaSuccess;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The CUDA runtime. We call the driver; cuBLAS and cuDNN call the runtime, so it must be there and fit. */
public final class CudaRuntime {
    private static final int MAJOR = 13;
    private static final LibraryStatus STATUS =
            LibrarySearch.ofProcess().probe(NativeLibrary.CUDA_RUNTIME, CudaRuntime::supportedVersion);

    private CudaRuntime() {}

    /** Whether the runtime of CUDA 13 is here; it need not find a GPU for that. */
    public static LibraryStatus status() {
        return STATUS;
    }

    private static String supportedVersion() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(C_INT);
            int code = cudaRuntimeGetVersion(out);
            if (code != cudaSuccess()) {
                throw unavailable("cudaRuntimeGetVersion failed: "
                        + cudaGetErrorName(code).getString(0) + " (" + code + "), "
                        + cudaGetErrorString(code).getString(0));
            }
            int version = out.get(C_INT, 0);
            String readable = version / 1000 + "." + version % 1000 / 10;
            if (version / 1000 != MAJOR) {
                throw unavailable("version " + readable + " is not supported");
            }
            return readable;
        }
    }

    private static LibraryUnavailableException unavailable(String reason) {
        return new LibraryUnavailableException(
                NativeLibrary.CUDA_RUNTIME,
                reason,
                "name the one of CUDA 13 in " + NativeLibrary.CUDA_RUNTIME.variable());
    }
}
