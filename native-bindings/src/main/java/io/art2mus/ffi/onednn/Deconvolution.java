package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import org.jspecify.annotations.Nullable;

/**
 * Forward transposed convolution without groups, for inference ({@code dnnl_deconvolution}). Padding takes away from the
 * output, as in PyTorch's {@code ConvTranspose}. Accumulates in float32.
 *
 * <p>Arguments: {@link Argument#SRC}, {@link Argument#WEIGHTS}, {@link Argument#DST}, and {@link Argument#BIAS} where
 * given.
 *
 * @param src {@code [N, I, H, W]} (or {@code [N, I, W]} with windows of rank 1)
 * @param weights {@code [O, I, kH, kW]} as dimensions, so PyTorch's {@code [I, O, kH, kW]} is a
 *     {@link MemoryDescriptor#strided} view of it; {@link MemoryDescriptor#any} lets the primitive
 *     choose a packed layout
 * @param bias {@code [O]}, or null
 * @param dst {@code [N, O, H', W']}
 * @param window how the kernel moves
 * @param attributes what is asked for beyond the operation
 */
public record Deconvolution(
        MemoryDescriptor src,
        MemoryDescriptor weights,
        @Nullable MemoryDescriptor bias,
        MemoryDescriptor dst,
        Window window,
        PrimitiveAttributes attributes)
        implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_deconvolution_forward_primitive_desc_create",
                attributes,
                () -> "deconvolution " + src + " * " + weights + (bias == null ? "" : " + " + bias) + " -> " + dst
                        + " by " + window,
                (arena, out, attr) -> dnnl_h.dnnl_deconvolution_forward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_forward_inference(),
                        dnnl_h.dnnl_deconvolution_direct(),
                        src.handle(),
                        weights.handle(),
                        Primitive.handleOrNull(bias),
                        dst.handle(),
                        Dims.of(arena, window.strides()),
                        Dims.of(arena, window.dilates()),
                        Dims.of(arena, window.paddingBegin()),
                        Dims.of(arena, window.paddingEnd()),
                        attr));
    }
}
