package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;

/**
 * An element-wise function of one operand ({@code dnnl_eltwise}).
 *
 * <p>Arguments: {@link Argument#SRC} and {@link Argument#DST}, which may be the same buffer.
 *
 * @param algorithm which function
 * @param src any shape
 * @param dst the same shape
 * @param alpha see {@link EltwiseAlgorithm}
 * @param beta see {@link EltwiseAlgorithm}
 * @param attributes what is asked for beyond the operation
 */
public record Eltwise(
        EltwiseAlgorithm algorithm,
        MemoryDescriptor src,
        MemoryDescriptor dst,
        float alpha,
        float beta,
        PrimitiveAttributes attributes)
        implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
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

    /**
     * The way back. Arguments: {@link Argument#SRC}, {@link Argument#DIFF_DST} and {@link Argument#DIFF_SRC}, which may be the buffer
     * of the second.
     *
     * @param src what the function was applied to
     * @param gradient layout of both gradients, of the same shape
     * @param alpha as on the way forward
     * @param beta as on the way forward
     */
    public static Primitive backward(
            CpuEngine engine,
            EltwiseAlgorithm algorithm,
            MemoryDescriptor src,
            MemoryDescriptor gradient,
            float alpha,
            float beta) {
        return Primitive.create(
                "dnnl_eltwise_backward_primitive_desc_create",
                PrimitiveAttributes.PLAIN,
                () -> "eltwise " + algorithm + " backward " + gradient + " at " + src,
                (arena, out, attr) -> dnnl_h.dnnl_eltwise_backward_primitive_desc_create(
                        out,
                        engine.handle(),
                        algorithm.code(),
                        gradient.handle(),
                        gradient.handle(),
                        src.handle(),
                        alpha,
                        beta,
                        MemorySegment.NULL,
                        attr));
    }
}
