package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/**
 * Normalisation over groups of channels, with scale and shift ({@code dnnl_group_normalization}).
 *
 * <p>Arguments: {@link Argument#SRC}, {@link Argument#SCALE}, {@link Argument#SHIFT} (both {@code [C]} float32) and
 * {@link Argument#DST}, which may be the buffer of the source.
 *
 * @param src {@code [N, C, H, W]}; channels last is the fast layout
 * @param dst the same shape
 * @param groups divides C
 * @param epsilon added to the variance
 * @param attributes what is asked for beyond the operation
 */
public record GroupNormalization(
        MemoryDescriptor src, MemoryDescriptor dst, long groups, float epsilon, PrimitiveAttributes attributes)
        implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_group_normalization_forward_primitive_desc_create",
                attributes,
                () -> "group normalization " + src + " -> " + dst + " in " + groups + " groups",
                (arena, out, attr) -> dnnl_h.dnnl_group_normalization_forward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_forward_inference(),
                        src.handle(),
                        dst.handle(),
                        groups,
                        epsilon,
                        dnnl_h.dnnl_use_scale() | dnnl_h.dnnl_use_shift(),
                        attr));
    }
}
