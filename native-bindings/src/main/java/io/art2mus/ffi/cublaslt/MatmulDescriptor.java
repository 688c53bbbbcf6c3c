package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLAS_COMPUTE_32F;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUDA_R_32F;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.C_POINTER;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatmulDescCreate;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatmulDescDestroy;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatmulDescSetAttribute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What is multiplied how, and what happens to the product before it is written. Sums are float32, never TF32. */
final class MatmulDescriptor extends Attributed {
    private final CublasLt library;

    private MatmulDescriptor(CublasLt library, MemorySegment handle) {
        super(handle);
        this.library = library;
    }

    static MatmulDescriptor create(CublasLt library) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            library.check(
                    "cublasLtMatmulDescCreate", cublasLtMatmulDescCreate(handle, CUBLAS_COMPUTE_32F(), CUDA_R_32F()));
            return new MatmulDescriptor(library, handle.get(C_POINTER, 0));
        }
    }

    @Override
    void set(int attribute, MemorySegment value) {
        library.check(
                "cublasLtMatmulDescSetAttribute",
                cublasLtMatmulDescSetAttribute(address(), attribute, value, value.byteSize()));
    }

    @Override
    protected void destroy() {
        library.check("cublasLtMatmulDescDestroy", cublasLtMatmulDescDestroy(address()));
    }
}
