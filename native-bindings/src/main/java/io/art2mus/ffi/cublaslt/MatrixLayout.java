package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.C_POINTER;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatrixLayoutCreate;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.cublasLtMatrixLayoutDestroy;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How a matrix lies in memory: {@code count} columns of some length, {@code stride} elements apart. */
final class MatrixLayout extends NativeHandle {
    private final CublasLt library;

    private MatrixLayout(CublasLt library, MemorySegment handle) {
        super(handle);
        this.library = library;
    }

    static MatrixLayout create(CublasLt library, MatrixElements elements, long length, long count, long stride) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            library.check(
                    "cublasLtMatrixLayoutCreate",
                    cublasLtMatrixLayoutCreate(handle, elements.code(), length, count, stride));
            return new MatrixLayout(library, handle.get(C_POINTER, 0));
        }
    }

    MemorySegment handle() {
        return address();
    }

    @Override
    protected void destroy() {
        library.check("cublasLtMatrixLayoutDestroy", cublasLtMatrixLayoutDestroy(address()));
    }
}
