package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;

/**
 * Nearest-neighbour resampling ({@code dnnl_resampling}).
 *
 * <p>Arguments: {@link Argument#SRC} and {@link Argument#DST}.
 *
 * @param src {@code [N, C, H, W]}
 * @param dst {@code [N, C, H', W']}, whose extents give the factors
 * @param attributes what is asked for beyond the operation
 */
public record Resampling(MemoryDescriptor src, MemoryDescriptor dst, PrimitiveAttributes attributes)
        implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_resampling_forward_primitive_desc_create",
                attributes,
                () -> "nearest resampling " + src + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_resampling_forward_primitive_desc_create(
                        out,
                        engine.handle(),
                        dnnl_h.dnnl_forward_inference(),
                        dnnl_h.dnnl_resampling_nearest(),
                        MemorySegment.NULL,
                        src.handle(),
                        dst.handle(),
                        attr));
    }
}
