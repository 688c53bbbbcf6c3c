package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** An element-wise function of one operand ({@code dnnl_eltwise}). */
public final class Eltwise {
    private Eltwise() {}

    /**
     * Arguments: {@link Argument#SRC} and {@link Argument#DST}, which may be the same buffer.
     *
     * @param src any shape
     * @param dst the same shape
     * @param alpha see {@link EltwiseAlgorithm}
     * @param beta see {@link EltwiseAlgorithm}
     */
    public static Primitive create(
            CpuEngine engine,
            EltwiseAlgorithm algorithm,
            MemoryDescriptor src,
            MemoryDescriptor dst,
            float alpha,
            float beta,
            PrimitiveAttributes attributes) {
        return Primitive.create(
                "dnnl_eltwise_forward_primitive_desc_create",
                attributes,
                () -> "eltwise " + algorithm + " " + src + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_eltwise_forward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_forward_inference(),
                        algorithm.code(),
                        src.handle(),
                        dst.handle(),
                        alpha,
                        beta,
                        attr));
    }
}
