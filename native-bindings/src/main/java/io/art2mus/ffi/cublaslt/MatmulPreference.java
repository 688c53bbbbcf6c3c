package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.C_POINTER;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatmulPreferenceCreate;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatmulPreferenceDestroy;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatmulPreferenceSetAttribute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What algorithms may be proposed. */
final class MatmulPreference extends Attributed {
    private final CublasLt library;

    private MatmulPreference(CublasLt library, MemorySegment handle) {
        super(handle);
        this.library = library;
    }

    static MatmulPreference create(CublasLt library) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            library.check("cublasLtMatmulPreferenceCreate", cublasLtMatmulPreferenceCreate(handle));
            return new MatmulPreference(library, handle.get(C_POINTER, 0));
        }
    }

    @Override
    void set(int attribute, MemorySegment value) {
        library.check(
                "cublasLtMatmulPreferenceSetAttribute",
                cublasLtMatmulPreferenceSetAttribute(address(), attribute, value, value.byteSize()));
    }

    @Override
    protected void destroy() {
        library.check("cublasLtMatmulPreferenceDestroy", cublasLtMatmulPreferenceDestroy(address()));
    }
}
