package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** An element-wise function of {@code x} with parameters alpha and beta; those not named are ignored. */
public enum EltwiseAlgorithm {
    /** {@code x (1 + erf(x / √2)) / 2}. */
    GELU_ERF(dnnl_h.dnnl_eltwise_gelu_erf()),
    /** {@code x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2}: the approximation of GPT-2 and T5. */
    GELU_TANH(dnnl_h.dnnl_eltwise_gelu_tanh()),
    /** {@code alpha x + beta}. */
    LINEAR(dnnl_h.dnnl_eltwise_linear()),
    /** {@code x} where positive, {@code alpha x} elsewhere: leaky where alpha is not 0. */
    RELU(dnnl_h.dnnl_eltwise_relu()),
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
