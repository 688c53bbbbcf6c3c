package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.util.List;

/**
 * Concatenation along one axis ({@code dnnl_concat}).
 *
 * <p>Arguments: {@link Argument#source} for each source and {@link Argument#DST}.
 *
 * @param sources equal but along {@code axis}
 * @param dst the sources one after the other
 * @param axis along which
 * @param attributes what is asked for beyond the operation
 */
public record Concat(List<MemoryDescriptor> sources, MemoryDescriptor dst, int axis, PrimitiveAttributes attributes)
        implements Operation {
    public Concat {
        sources = List.copyOf(sources);
    }

    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_concat_primitive_desc_create",
                attributes,
                () -> "concat " + sources + " -> " + dst + " along " + axis,
                (arena, out, attr) -> dnnl_h.dnnl_concat_primitive_desc_create(
                        out,
                        engine.handle(),
                        dst.handle(),
                        sources.size(),
                        axis,
                        Primitive.handles(arena, sources),
                        attr));
    }
}
