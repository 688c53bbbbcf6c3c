package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A compiled operation ({@code dnnl_primitive_t}) for fixed shapes, types, layouts and the thread count that was set
 * when it was made. Made by {@link Matmul}, {@link Convolution} and the like; run by an {@link Execution}.
 */
public final class Primitive extends OneDnnHandle {
    private final String description;

    private Primitive(MemorySegment handle, String description) {
        super(handle);
        this.description = description;
    }

    /**
     * @param call the function that makes the primitive descriptor
     * @param description operation and operands, for errors and printed layouts
     */
    static Primitive create(
            String call, PrimitiveAttributes attributes, Supplier<String> description, DescriptorCall creation) {
        try (Arena arena = Arena.ofConfined();
                PrimitiveAttributes.Native attr = attributes.open()) {
            MemorySegment descriptor =
                    Check.handle(call, out -> creation.invoke(arena, out, attr.handle()), description);
            try {
                String text = description.get();
                return new Primitive(
                        Check.handle(
                                "dnnl_primitive_create",
                                out -> dnnl_h.dnnl_primitive_create(out, descriptor),
                                () -> text),
                        text);
            } finally {
                Check.status("dnnl_primitive_desc_destroy", dnnl_h.dnnl_primitive_desc_destroy(descriptor));
            }
        }
    }

    /** The descriptor of the layout this primitive takes {@code argument} in; the caller owns it. */
    public MemoryDescriptor descriptor(Argument argument) {
        return MemoryDescriptor.copyOf(expected(argument));
    }

    /** Bytes of scratchpad that an execution needs; 0 if none. */
    public long scratchpadBytes() {
        return dnnl_h.dnnl_memory_desc_get_size(
                dnnl_h.dnnl_primitive_desc_query_md(primitiveDescriptor(), dnnl_h.dnnl_query_scratchpad_md(), 0));
    }

    /** Name of the implementation, such as {@code brg_conv_fwd:avx512_core}; {@code ref:any} is slow. */
    public String implementation() {
        return Check.handle(
                        "dnnl_primitive_desc_query",
                        out -> dnnl_h.dnnl_primitive_desc_query(
                                primitiveDescriptor(), dnnl_h.dnnl_query_impl_info_str(), 0, out),
                        this::toString)
                .reinterpret(Long.MAX_VALUE)
                .getString(0);
    }

    /** The operation and its operands as they were asked for. */
    @Override
    public String toString() {
        return description;
    }

    /** The borrowed descriptor of the layout this primitive takes {@code argument} in. */
    MemorySegment expected(Argument argument) {
        MemorySegment expected = dnnl_h.dnnl_primitive_desc_query_md(
                primitiveDescriptor(), dnnl_h.dnnl_query_exec_arg_md(), argument.id());
        if (expected.equals(MemorySegment.NULL) || Dims.queryInt(expected, dnnl_h.dnnl_query_ndims_s32()) == 0) {
            throw new IllegalArgumentException(this + " has no argument " + argument);
        }
        return expected;
    }

    @Override
    protected void destroy() {
        Check.status("dnnl_primitive_destroy", dnnl_h.dnnl_primitive_destroy(address()));
    }

    private MemorySegment primitiveDescriptor() {
        return Check.handle(
                "dnnl_primitive_get_primitive_desc",
                out -> dnnl_h.dnnl_primitive_get_primitive_desc(address(), out),
                this::toString);
    }

    static MemorySegment handleOrNull(@Nullable MemoryDescriptor descriptor) {
        return descriptor == null ? MemorySegment.NULL : descriptor.handle();
    }

    /** The handles of several descriptors as a native array. */
    static MemorySegment handles(Arena arena, List<MemoryDescriptor> descriptors) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, descriptors.size());
        for (int i = 0; i < descriptors.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, descriptors.get(i).handle());
        }
        return array;
    }

    /** A call that makes a primitive descriptor; small arrays it needs live in {@code arena}. */
    @FunctionalInterface
    interface DescriptorCall {
        int invoke(Arena arena, MemorySegment out, MemorySegment attributes);
    }
}
