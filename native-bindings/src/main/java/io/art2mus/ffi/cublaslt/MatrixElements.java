package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUDA_R_16BF;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUDA_R_16F;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUDA_R_32F;

/** How a matrix' elements are stored. */
public enum MatrixElements {
    /** IEEE 754 binary16. */
    FLOAT16(CUDA_R_16F(), Short.BYTES),
    /** The upper half of a binary32. */
    BFLOAT16(CUDA_R_16BF(), Short.BYTES),
    /** IEEE 754 binary32. */
    FLOAT32(CUDA_R_32F(), Float.BYTES);

    private final int code;
    private final int bytes;

    MatrixElements(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    int code() {
        return code;
    }

    int bytes() {
        return bytes;
    }
}
