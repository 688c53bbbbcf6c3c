package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_STATUS_NOT_SUPPORTED;

import io.art2mus.ffi.NativeException;
import java.io.Serial;

/** A call of cuDNN that failed. */
public final class CudnnException extends NativeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** The thousands of a status say what kind of failure it is. */
    private static final int CODES_A_CATEGORY = 1000;

    CudnnException(String call, int code, String name, String text) {
        super(call, code, name, text, "");
    }

    /** Whether cuDNN understood what was asked, and says that it does not compute this, or not on this GPU. */
    boolean isUnsupported() {
        return code() / CODES_A_CATEGORY == CUDNN_STATUS_NOT_SUPPORTED() / CODES_A_CATEGORY;
    }
}
