package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.util.List;

/** Concatenation along one axis ({@code dnnl_concat}). */
public final class Concat {
    private Concat() {}

    /**
     * Arguments: {@link Argument#source} for each source and {@link Argument#DST}.
     *
     * @param sources equal but along {@code axis}
     */
    public static Primitive create(
            CpuEngine engine,
            List<MemoryDescriptor> sources,
            MemoryDescriptor dst,
            int axis,
            PrimitiveAttributes attributes) {
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
