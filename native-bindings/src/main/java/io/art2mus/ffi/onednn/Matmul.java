package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import org.jspecify.annotations.Nullable;

/**
 * {@code dst = src · weights + bias} over the last two dimensions, all others being batch ({@code dnnl_matmul}). Sources
 * and weights of batch size 1 are broadcast. Accumulates in float32.
 *
 * <p>Arguments: {@link Argument#SRC}, {@link Argument#WEIGHTS}, {@link Argument#DST}, and {@link Argument#BIAS} where
 * given.
 *
 * @param src {@code […, M, K]}
 * @param weights {@code […, K, N]}; {@link MemoryDescriptor#any} lets the primitive choose a packed layout
 * @param bias of the rank of {@code dst} with size 1 where it is broadcast ({@code [1, …, 1, N]}), or null
 * @param dst {@code […, M, N]}
 * @param attributes what is asked for beyond the operation
 */
public record Matmul(
        MemoryDescriptor src,
        MemoryDescriptor weights,
        @Nullable MemoryDescriptor bias,
        MemoryDescriptor dst,
        PrimitiveAttributes attributes)
        implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_matmul_primitive_desc_create",
                attributes,
                () -> "matmul " + src + " · " + weights + (bias == null ? "" : " + " + bias) + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_matmul_primitive_desc_create(
                        out,
                        engine.handle(),
                        src.handle(),
                        weights.handle(),
                        Primitive.handleOrNull(bias),
                        dst.handle(),
                        attr));
    }
}
