package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.C_POINTER;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtCreate;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtDestroy;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** cuBLASLt's state for the calling thread's GPU. */
public final class CublasLtHandle extends NativeHandle {
    private final CublasLt library;

    private CublasLtHandle(CublasLt library, MemorySegment handle) {
        super(handle);
        this.library = library;
    }

    /** Opens it in the context that is current. */
    public static CublasLtHandle open(CublasLt library) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            library.check("cublasLtCreate", cublasLtCreate(handle));
            return new CublasLtHandle(library, handle.get(C_POINTER, 0));
        }
    }

    CublasLt library() {
        return library;
    }

    MemorySegment handle() {
        return address();
    }

    @Override
    protected void destroy() {
        library.check("cublasLtDestroy", cublasLtDestroy(address()));
    }
}
