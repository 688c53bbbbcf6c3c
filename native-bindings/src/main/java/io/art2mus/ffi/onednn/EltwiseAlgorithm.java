package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** An element-wise function of {@code x} with parameters alpha and beta; those not named are ignored. */
public enum EltwiseAlgorithm {
    /** {@code |x|}. */
    ABS(dnnl_h.dnnl_eltwise_abs()),
    /** {@code min(max(x, alpha), beta)}. */
    CLIP(dnnl_h.dnnl_eltwise_clip()),
    /** {@code e^x}. */
    EXP(dnnl_h.dnnl_eltwise_exp()),
    /** {@code x (1 + erf(x / √2)) / 2}. */
    GELU_ERF(dnnl_h.dnnl_eltwise_gelu_erf()),
    /** {@code x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2}: the approximation of GPT-2 and T5. */
    GELU_TANH(dnnl_h.dnnl_eltwise_gelu_tanh()),
    /** {@code alpha x + beta}. */
    LINEAR(dnnl_h.dnnl_eltwise_linear()),
    /** {@code ln x}. */
    LOG(dnnl_h.dnnl_eltwise_log()),
    /** {@code 1 / (1 + e^-x)}. */
    LOGISTIC(dnnl_h.dnnl_eltwise_logistic()),
    /** {@code alpha x^beta}. */
    POW(dnnl_h.dnnl_eltwise_pow()),
    /** {@code x} where positive, {@code alpha x} elsewhere: leaky where alpha is not 0. */
    RELU(dnnl_h.dnnl_eltwise_relu()),
    /** {@code √x}. */
    SQRT(dnnl_h.dnnl_eltwise_sqrt()),
    /** {@code x²}. */
    SQUARE(dnnl_h.dnnl_eltwise_square()),
    /** {@code x / (1 + e^(-alpha x))}: SiLU where alpha is 1. */
    SWISH(dnnl_h.dnnl_eltwise_swish()),
    /** {@code tanh x}. */
    TANH(dnnl_h.dnnl_eltwise_tanh());

    private final int code;

    EltwiseAlgorithm(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
