package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;

/** Normalisation over the last dimension, with scale and shift ({@code dnnl_layer_normalization}). */
public final class LayerNormalization {
    private LayerNormalization() {}

    /**
     * Arguments: {@link Argument#SRC}, {@link Argument#SCALE}, {@link Argument#SHIFT} (both {@code [C]} float32) and
     * {@link Argument#DST}, which may be the buffer of the source.
     *
     * @param src {@code […, C]}, rank 2 to 5
     * @param dst the same shape
     * @param epsilon added to the variance
     */
    public static Primitive create(
            CpuEngine engine,
            MemoryDescriptor src,
            MemoryDescriptor dst,
            float epsilon,
            PrimitiveAttributes attributes) {
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
}
