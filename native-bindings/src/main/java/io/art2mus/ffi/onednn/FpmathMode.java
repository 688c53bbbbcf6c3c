package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** To what a primitive may round float32 inputs inside a product ({@code dnnl_fpmath_mode_t}). */
public enum FpmathMode {
    /** To nothing. */
    STRICT(dnnl_h.dnnl_fpmath_mode_strict()),
    /** To bf16. */
    BF16(dnnl_h.dnnl_fpmath_mode_bf16()),
    /** To tf32. */
    TF32(dnnl_h.dnnl_fpmath_mode_tf32());

    private final int code;

    FpmathMode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
