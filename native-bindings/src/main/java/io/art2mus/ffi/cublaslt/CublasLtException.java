package io.art2mus.ffi.cublaslt;

import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLAS_STATUS_ALLOC_FAILED;
import static io.art2mus.ffi.generated.cublaslt.cublaslt_h.CUBLAS_STATUS_NOT_INITIALIZED;

import io.art2mus.ffi.NativeException;
import java.io.Serial;

/** A call of cuBLASLt that failed. */
public final class CublasLtException extends NativeException {
    @Serial
    private static final long serialVersionUID = 1;

    CublasLtException(String call, int code, String name, String text) {
        super(call, code, name, text, remedy(code));
    }

    private static String remedy(int code) {
        if (code == CUBLAS_STATUS_NOT_INITIALIZED()) {
            return "it needs a GPU that the driver can use; art2mus doctor says which there are";
        } else if (code == CUBLAS_STATUS_ALLOC_FAILED()) {
            return "close other programs that use the GPU";
        }
        return "";
    }
}
