package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;

/**
 * Softmax along one axis ({@code dnnl_softmax}); accumulates in float32.
 *
 * <p>Arguments: {@link Argument#SRC} and {@link Argument#DST}, which may be the same buffer.
 *
 * @param src any shape
 * @param dst the same shape
 * @param axis the dimension that sums to 1
 * @param attributes what is asked for beyond the operation
 */
public record Softmax(MemoryDescriptor src, MemoryDescriptor dst, int axis, PrimitiveAttributes attributes)
        implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_softmax_forward_primitive_desc_create",
                attributes,
                () -> "softmax " + src + " -> " + dst + " along " + axis,
                (arena, out, attr) -> dnnl_h.dnnl_softmax_forward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_forward_inference(),
                        dnnl_h.dnnl_softmax_accurate(),
                        src.handle(),
                        dst.handle(),
                        axis,
                        attr));
    }

    /**
     * The way back: {@code dst · (diff_dst − Σ dst · diff_dst)}. Arguments: {@link Argument#DST}, {@link Argument#DIFF_DST} and
     * {@link Argument#DIFF_SRC}, which may be the buffer of the second.
     *
     * @param dst what the way forward made
     * @param gradient layout of both gradients, of the same shape
     * @param axis the dimension that sums to 1
     */
    public static Primitive backward(CpuEngine engine, MemoryDescriptor dst, MemoryDescriptor gradient, int axis) {
        return Primitive.create(
                "dnnl_softmax_backward_primitive_desc_create",
                PrimitiveAttributes.PLAIN,
                () -> "softmax backward " + gradient + " at " + dst + " along " + axis,
                (arena, out, attr) -> dnnl_h.dnnl_softmax_backward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_softmax_accurate(),
                        gradient.handle(),
                        gradient.handle(),
                        dst.handle(),
                        axis,
                        MemorySegment.NULL,
                        attr));
    }
}
