package io.art2mus.ffi.onednn;

/** What a primitive computes, and on what. Equal ones are computed alike, so that one primitive serves them all. */
public sealed interface Operation
        permits Binary,
                Concat,
                Convolution,
                Deconvolution,
                Eltwise,
                GroupNormalization,
                LayerNormalization,
                Matmul,
                Reorder,
                Resampling,
                Softmax {
    /** Compiles the operation; the caller owns the primitive. */
    Primitive create(CpuEngine engine);
}
