package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_DEVICE_UNAVAILABLE;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_ECC_UNCORRECTABLE;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_HARDWARE_STACK_ERROR;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_ILLEGAL_ADDRESS;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_ILLEGAL_INSTRUCTION;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_LAUNCH_FAILED;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_LAUNCH_TIMEOUT;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_NO_BINARY_FOR_GPU;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_OUT_OF_MEMORY;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_UNKNOWN;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;

import io.art2mus.ffi.NativeException;
import java.io.Serial;
import java.util.stream.IntStream;

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

    /** After these the driver answers every further call of the process the same. */
    private static boolean isSticky(int code) {
        return IntStream.of(
                        CUDA_ERROR_ILLEGAL_ADDRESS(),
                        CUDA_ERROR_ILLEGAL_INSTRUCTION(),
                        CUDA_ERROR_LAUNCH_FAILED(),
                        CUDA_ERROR_LAUNCH_TIMEOUT(),
                        CUDA_ERROR_ECC_UNCORRECTABLE(),
                        CUDA_ERROR_HARDWARE_STACK_ERROR(),
                        CUDA_ERROR_DEVICE_UNAVAILABLE(),
                        CUDA_ERROR_UNKNOWN())
                .anyMatch(sticky -> sticky == code);
    }

    private static String remedy(int code) {
        if (code == CUDA_ERROR_OUT_OF_MEMORY()) {
            return "close other programs that use the GPU, or try --precision f16, fewer candidates, a smaller --batch, or --device cpu";
        } else if (code == CUDA_ERROR_NO_BINARY_FOR_GPU() || code == CUDA_ERROR_UNSUPPORTED_PTX_VERSION()) {
            return "update NVIDIA's driver";
        } else if (isSticky(code)) {
            return "this process can use the GPU no more: start again, and where it happens again see dmesg for lines with Xid";
        }
        return "";
    }
}
