package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A compiled operation ({@code dnnl_primitive_t}) for fixed shapes, types, layouts and the thread count that was set
 * when it was made. Made by {@link Matmul}, {@link Convolution} and the like; run by an {@link Execution}.
 */
public final class Primitive extends OneDnnHandle {
    private static final List<Argument> DESCRIBED =
            List.of(Argument.SRC, Argument.SRC_1, Argument.WEIGHTS, Argument.BIAS, Argument.DST);

    private final String call;
    /** Lives as long as the primitive; asked for once. */
    private MemorySegment borrowedDescriptor = MemorySegment.NULL;

    private long knownScratchpadBytes = -1;
    private final Map<Argument, MemoryDescriptor> descriptors = new HashMap<>();
    /** The layout of each argument that was last seen to be the one it is taken in. */
    private final Map<Argument, MemoryDescriptor> accepted = new HashMap<>();

    private Primitive(MemorySegment handle, String call) {
        super(handle);
        this.call = call;
    }

    /**
     * @param call the function that makes the primitive descriptor
     * @param description operation and operands, asked for where the call fails
     */
    static Primitive create(
            String call, PrimitiveAttributes attributes, Supplier<String> description, DescriptorCall creation) {
        try (Arena arena = Arena.ofConfined();
                PrimitiveAttributes.Native attr = attributes.open()) {
            MemorySegment descriptor =
                    Check.handle(call, out -> creation.invoke(arena, out, attr.handle()), description);
            try {
                return new Primitive(
                        Check.handle(
                                "dnnl_primitive_create",
                                out -> dnnl_h.dnnl_primitive_create(out, descriptor),
                                description),
                        call);
            } finally {
                Check.status("dnnl_primitive_desc_destroy", dnnl_h.dnnl_primitive_desc_destroy(descriptor));
            }
        }
    }

    /** The descriptor of the layout this primitive takes {@code argument} in; it belongs to the primitive. */
    public MemoryDescriptor descriptor(Argument argument) {
        return descriptors.computeIfAbsent(argument, absent -> MemoryDescriptor.copyOf(expected(absent)));
    }

    /**
     * Refuses a memory of another layout than {@code argument} is taken in.
     *
     * @throws IllegalArgumentException for such a memory, and an argument the primitive does not have
     */
    void requireLayout(Argument argument, DnnlMemory memory) {
        if (memory.layout().equals(accepted.get(argument))) {
            return;
        }
        if (dnnl_h.dnnl_memory_desc_equal(expected(argument), memory.descriptor()) == 0) {
            throw new IllegalArgumentException(
                    this + " takes " + argument + " as " + descriptor(argument) + ", given " + memory);
        }
        accepted.put(argument, memory.layout());
    }

    /** Bytes of scratchpad that an execution needs; 0 if none. */
    public long scratchpadBytes() {
        if (knownScratchpadBytes < 0) {
            knownScratchpadBytes = dnnl_h.dnnl_memory_desc_get_size(
                    dnnl_h.dnnl_primitive_desc_query_md(primitiveDescriptor(), dnnl_h.dnnl_query_scratchpad_md(), 0));
        }
        return knownScratchpadBytes;
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

    /** The operation and its operands in the layouts it takes them in. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(operation());
        for (Argument argument : DESCRIBED) {
            MemorySegment taken = query(argument);
            if (isThere(taken)) {
                text.append(' ').append(argument).append(' ').append(MemoryDescriptor.text(taken));
            }
        }
        return text.toString();
    }

    /** As oneDNN calls it. */
    private String operation() {
        return call.substring("dnnl_".length(), call.indexOf("_primitive_desc")).replace('_', ' ');
    }

    /** The borrowed descriptor of the layout this primitive takes {@code argument} in. */
    private MemorySegment expected(Argument argument) {
        MemorySegment expected = query(argument);
        if (!isThere(expected)) {
            throw new IllegalArgumentException(this + " has no argument " + argument);
        }
        return expected;
    }

    private MemorySegment query(Argument argument) {
        return dnnl_h.dnnl_primitive_desc_query_md(
                primitiveDescriptor(), dnnl_h.dnnl_query_exec_arg_md(), argument.id());
    }

    private static boolean isThere(MemorySegment descriptor) {
        return !descriptor.equals(MemorySegment.NULL) && Dims.queryInt(descriptor, dnnl_h.dnnl_query_ndims_s32()) != 0;
    }

    @Override
    protected void destroy() {
        descriptors.values().forEach(MemoryDescriptor::close);
        Check.status("dnnl_primitive_destroy", dnnl_h.dnnl_primitive_destroy(address()));
    }

    private MemorySegment primitiveDescriptor() {
        MemorySegment primitive = address();
        if (borrowedDescriptor.equals(MemorySegment.NULL)) {
            borrowedDescriptor = Check.handle(
                    "dnnl_primitive_get_primitive_desc",
                    out -> dnnl_h.dnnl_primitive_get_primitive_desc(primitive, out),
                    () -> call);
        }
        return borrowedDescriptor;
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
