package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/**
 * An element-wise function of two operands ({@code dnnl_binary}).
 *
 * <p>Arguments: {@link Argument#SRC}, {@link Argument#SRC_1} and {@link Argument#DST}, which may be the buffer of the
 * first.
 *
 * @param algorithm which function
 * @param first any shape
 * @param second the same rank; size 1 where it is broadcast
 * @param dst the shape of {@code first}
 * @param attributes what is asked for beyond the operation
 */
public record Binary(
        BinaryAlgorithm algorithm,
        MemoryDescriptor first,
        MemoryDescriptor second,
        MemoryDescriptor dst,
        PrimitiveAttributes attributes)
        implements Operation {
    @Override
    public Primitive create(CpuEngine engine) {
        return Primitive.create(
                "dnnl_binary_primitive_desc_create",
                attributes,
                () -> "binary " + algorithm + " " + first + ", " + second + " -> " + dst,
                (arena, out, attr) -> dnnl_h.dnnl_binary_primitive_desc_create(
                        out, engine.handle(), algorithm.code(), first.handle(), second.handle(), dst.handle(), attr));
    }
}
