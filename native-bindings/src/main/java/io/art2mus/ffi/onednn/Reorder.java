package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/**
 * A copy that changes layout, type or both ({@code dnnl_reorder}).
 *
 * <p>Arguments: {@link Argument#SRC} and {@link Argument#DST}, of the same dimensions in buffers that do not overlap.
 *
 * @param src where it lies
 * @param dst where it is to lie
 * @param attributes what is asked for beyond the operation
 */
public record Reorder(MemoryDescriptor src, MemoryDescriptor dst, PrimitiveAttributes attributes) implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_reorder_primitive_desc_create",
                attributes,
                () -> "reorder " + src + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_reorder_primitive_desc_create(
                        out, src.handle(), engine.handle(), dst.handle(), engine.handle(), attr));
    }
}
