package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A weighted sum of equally shaped operands ({@code dnnl_sum}). */
public final class Sum {
    private Sum() {}

    /**
     * Arguments: {@link Argument#source} for each source and {@link Argument#DST}, which may be the buffer of the first.
     *
     * @param scales one factor for each source
     */
    public static Primitive create(
            CpuEngine engine,
            float[] scales,
            List<MemoryDescriptor> sources,
            MemoryDescriptor dst,
            PrimitiveAttributes attributes) {
        if (scales.length != sources.size()) {
            throw new IllegalArgumentException(scales.length + " scales for " + sources.size() + " sources");
        }
        return Primitive.create(
                "dnnl_sum_primitive_desc_create",
                attributes,
                () -> "sum " + sources + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_sum_primitive_desc_create(
                        out,
                        engine.handle(),
                        dst.handle(),
                        sources.size(),
                        arena.allocateFrom(ValueLayout.JAVA_FLOAT, scales),
                        Primitive.handles(arena, sources),
                        attr));
    }
}
