package io.art2mus.ffi.cublas;

import static io.art2mus.ffi.generated.cublas.cublas_h.C_POINTER;
import static io.art2mus.ffi.generated.cublas.cublas_h.cublasCreate_v2;
import static io.art2mus.ffi.generated.cublas.cublas_h.cublasDestroy_v2;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** cuBLAS's state for the calling thread's GPU. */
public final class CublasHandle extends NativeHandle {
    private final Cublas library;

    private CublasHandle(Cublas library, MemorySegment handle) {
        super(handle);
        this.library = library;
    }

    /** Opens it in the context that is current. */
    public static CublasHandle open(Cublas library) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            library.check("cublasCreate", cublasCreate_v2(handle));
            return new CublasHandle(library, handle.get(C_POINTER, 0));
        }
    }

    @Override
    protected void destroy() {
        library.check("cublasDestroy", cublasDestroy_v2(address()));
    }
}
