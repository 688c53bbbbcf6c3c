package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** Folds the dimensions that are 1 in the destination ({@code dnnl_reduction}). */
public final class Reduction {
    private Reduction() {}

    /**
     * Arguments: {@link Argument#SRC} and {@link Argument#DST}.
     *
     * @param src any shape
     * @param dst the same rank, size 1 in each dimension that is folded
     */
    public static Primitive create(
            CpuEngine engine,
            ReductionAlgorithm algorithm,
            MemoryDescriptor src,
            MemoryDescriptor dst,
            PrimitiveAttributes attributes) {
        return Primitive.create(
                "dnnl_reduction_primitive_desc_create",
                attributes,
                () -> "reduction " + algorithm + " " + src + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_reduction_primitive_desc_create(
                        out, engine.handle(), algorithm.code(), src.handle(), dst.handle(), 0, 0, attr));
    }
}
