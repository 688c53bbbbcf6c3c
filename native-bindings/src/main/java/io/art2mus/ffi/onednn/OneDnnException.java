package io.art2mus.ffi.onednn;

import io.art2mus.ffi.NativeException;
import java.io.Serial;

/** A oneDNN call that did not return {@code dnnl_success}. oneDNN gives no text of its own: the text is what was asked of it. */
public final class OneDnnException extends NativeException {
    @Serial
    private static final long serialVersionUID = 1;

    OneDnnException(String call, int code, String name, String text, String remedy) {
        super(call, code, name, text, remedy);
    }
}
