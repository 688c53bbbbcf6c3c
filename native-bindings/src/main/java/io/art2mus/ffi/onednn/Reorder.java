package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** A copy that changes layout, type or both ({@code dnnl_reorder}). */
public final class Reorder {
    private Reorder() {}

    /** Arguments: {@link Argument#SRC} and {@link Argument#DST}, of the same dimensions in buffers that do not overlap. */
    public static Primitive create(
            CpuEngine engine, MemoryDescriptor src, MemoryDescriptor dst, PrimitiveAttributes attributes) {
        return Primitive.create(
                "dnnl_reorder_primitive_desc_create",
                attributes,
                () -> "reorder " + src + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_reorder_primitive_desc_create(
                        out, src.handle(), engine.handle(), dst.handle(), engine.handle(), attr));
    }
}
