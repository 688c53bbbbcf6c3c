package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;

/**
 * Normalisation over the last dimension, with scale and shift ({@code dnnl_layer_normalization}).
 *
 * <p>Arguments: {@link Argument#SRC}, {@link Argument#SCALE}, {@link Argument#SHIFT} (both {@code [C]} float32) and
 * {@link Argument#DST}, which may be the buffer of the source.
 *
 * @param src {@code […, C]}, rank 2 to 5
 * @param dst the same shape
 * @param epsilon added to the variance
 * @param attributes what is asked for beyond the operation
 */
public record LayerNormalization(
        MemoryDescriptor src, MemoryDescriptor dst, float epsilon, PrimitiveAttributes attributes)
        implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_layer_normalization_forward_primitive_desc_create",
                attributes,
                () -> "layer normalization " + src + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_layer_normalization_forward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_forward_inference(),
                        src.handle(),
                        dst.handle(),
                        MemorySegment.NULL,
                        epsilon,
                        dnnl_h.dnnl_use_scale() | dnnl_h.dnnl_use_shift(),
                        attr));
    }

    /**
     * The way forward without scale and shift, for the sake of its statistics. Arguments: {@link Argument#SRC}, {@link Argument#DST},
     * {@link Argument#MEAN} and {@link Argument#VARIANCE}.
     *
     * @param src {@code […, C]}, rank 2 to 5
     * @param dst the same shape
     * @param statistics the leading dimensions of {@code src}, float32
     * @param epsilon added to the variance
     */
    public static Primitive statistics(
            CpuEngine engine, MemoryDescriptor src, MemoryDescriptor dst, MemoryDescriptor statistics, float epsilon) {
        return Primitive.create(
                "dnnl_layer_normalization_forward_primitive_desc_create",
                PrimitiveAttributes.PLAIN,
                () -> "statistics of layer normalization " + src,
                (arena, out, attr) -> dnnl_h.dnnl_layer_normalization_forward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_forward_training(),
                        src.handle(),
                        dst.handle(),
                        statistics.handle(),
                        epsilon,
                        dnnl_h.dnnl_normalization_flags_none(),
                        attr));
    }

    /**
     * The way back to the source, without scale. Arguments: {@link Argument#SRC}, {@link Argument#MEAN}, {@link Argument#VARIANCE},
     * {@link Argument#DIFF_DST} and {@link Argument#DIFF_SRC}, another buffer than {@link Argument#DIFF_DST}'s.
     *
     * @param src {@code […, C]}, rank 2 to 5
     * @param gradient layout of both gradients, of the same shape
     * @param statistics the leading dimensions of {@code src}, float32
     * @param epsilon added to the variance
     */
    public static Primitive backward(
            CpuEngine engine,
            MemoryDescriptor src,
            MemoryDescriptor gradient,
            MemoryDescriptor statistics,
            float epsilon) {
        return Primitive.create(
                "dnnl_layer_normalization_backward_primitive_desc_create",
                PrimitiveAttributes.PLAIN,
                () -> "layer normalization backward " + gradient + " at " + src,
                (arena, out, attr) -> dnnl_h.dnnl_layer_normalization_backward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_backward_data(),
                        gradient.handle(),
                        gradient.handle(),
                        src.handle(),
                        statistics.handle(),
                        epsilon,
                        dnnl_h.dnnl_normalization_flags_none(),
                        MemorySegment.NULL,
                        attr));
    }
}
