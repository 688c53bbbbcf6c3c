package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** What a reduction makes of the elements it folds together. */
public enum ReductionAlgorithm {
    MAX(dnnl_h.dnnl_reduction_max()),
    MIN(dnnl_h.dnnl_reduction_min()),
    SUM(dnnl_h.dnnl_reduction_sum()),
    MEAN(dnnl_h.dnnl_reduction_mean());

    private final int code;

    ReductionAlgorithm(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
