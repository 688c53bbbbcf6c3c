package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_NO_BINARY_FOR_GPU;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_OUT_OF_MEMORY;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;

import io.art2mus.ffi.NativeException;
import java.io.Serial;

/** A call of the CUDA driver that failed. */
public final class CudaException extends NativeException {
    @Serial
    private static final long serialVersionUID = 1;

    CudaException(String call, int code, String name, String text) {
        super(call, code, name, text, remedy(code));
    }

    /** Whether a module holds nothing that this GPU could run. */
    public boolean isNoBinaryForGpu() {
        return code() == CUDA_ERROR_NO_BINARY_FOR_GPU();
    }

    private static String remedy(int code) {
        if (code == CUDA_ERROR_OUT_OF_MEMORY()) {
            return "close other programs that use the GPU, or try --precision f16, fewer candidates, or --device cpu";
        } else if (code == CUDA_ERROR_NO_BINARY_FOR_GPU() || code == CUDA_ERROR_UNSUPPORTED_PTX_VERSION()) {
            return "update NVIDIA's driver";
        }
        return "";
    }
}
