package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** An element-wise function of two operands; the second is broadcast along its dimensions of size 1. */
public enum BinaryAlgorithm {
    ADD(dnnl_h.dnnl_binary_add()),
    MUL(dnnl_h.dnnl_binary_mul()),
    /** The first less the second. */
    SUB(dnnl_h.dnnl_binary_sub());

    private final int code;

    BinaryAlgorithm(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
