package io.art2mus.ffi.cudnn;

import io.art2mus.ffi.NativeException;
import java.io.Serial;

/** A call of cuDNN that failed. */
public final class CudnnException extends NativeException {
    @Serial
    private static final long serialVersionUID = 1;

    CudnnException(String call, int code, String name, String text) {
        super(call, code, name, text, "");
    }
}
