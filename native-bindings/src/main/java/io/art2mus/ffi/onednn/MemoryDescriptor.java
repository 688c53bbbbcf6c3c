package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Shape, element type and layout of a memory object ({@code dnnl_memory_desc_t}). Dimensions are in oneDNN's logical
 * order whatever the layout: activations {@code [N, C, H, W]}, convolution weights {@code [O, I, H, W]}; at most 12 of
 * them. Never changes; owned all the same, since its description lies in native memory.
 */
public final class MemoryDescriptor extends OneDnnHandle {
    /** What {@link #reach} found out; 0 before. */
    private long knownReach;

    /** What {@link #layout} found out; empty before, and where only oneDNN knows. */
    private Optional<String> knownLayout = Optional.empty();

    private MemoryDescriptor(MemorySegment handle) {
        super(handle);
    }

    /** Row-major without gaps: the last dimension varies fastest. */
    public static MemoryDescriptor plain(DataType type, long... dims) {
        return strided(type, dims, rowMajor(dims));
    }

    /** Channels last without gaps for dims {@code [N, C, spatial…]}: the bytes of {@code [N, spatial…, C]} row-major. */
    public static MemoryDescriptor channelsLast(DataType type, long... dims) {
        long[] strides = new long[dims.length];
        strides[1] = 1;
        long stride = dims[1];
        for (int axis = dims.length - 1; axis > 1; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        strides[0] = stride;
        return strided(type, dims, strides);
    }

    /**
     * Any layout without blocks, such as a view of a larger tensor.
     *
     * @param strides distance between neighbours along each dimension, in elements
     */
    public static MemoryDescriptor strided(DataType type, long[] dims, long[] strides) {
        if (dims.length != strides.length) {
            throw new IllegalArgumentException(dims.length + " dimensions but " + strides.length + " strides");
        }
        MemoryDescriptor made = create(
                "dnnl_memory_desc_create_with_strides",
                (arena, out) -> dnnl_h.dnnl_memory_desc_create_with_strides(
                        out, dims.length, Dims.of(arena, dims), type.code(), Dims.of(arena, strides)),
                () -> type + Arrays.toString(dims) + " strides " + Arrays.toString(strides));
        made.knownReach = reach(type, dims, strides);
        return made;
    }

    /** A layout the primitive chooses itself; what it chose is then asked of the primitive. */
    public static MemoryDescriptor any(DataType type, long... dims) {
        return create(
                "dnnl_memory_desc_create_with_tag",
                (arena, out) -> dnnl_h.dnnl_memory_desc_create_with_tag(
                        out, dims.length, Dims.of(arena, dims), type.code(), dnnl_h.dnnl_format_tag_any()),
                () -> type + Arrays.toString(dims) + " any");
    }

    /** A copy that the caller owns of a descriptor that oneDNN owns. */
    static MemoryDescriptor copyOf(MemorySegment borrowed) {
        return create(
                "dnnl_memory_desc_clone",
                (arena, out) -> dnnl_h.dnnl_memory_desc_clone(out, borrowed),
                () -> "a primitive's descriptor");
    }

    /** Bytes that a buffer of this layout needs, padding included; 0 for {@link #any}. */
    public long bytes() {
        return dnnl_h.dnnl_memory_desc_get_size(address());
    }

    /**
     * Bytes from the start of the buffer to the end of its last element. Less than {@link #bytes} for a view whose last row
     * ends before its pitch does.
     */
    public long reach() {
        if (knownReach == 0) {
            boolean blocked = Dims.queryInt(address(), dnnl_h.dnnl_query_inner_nblks_s32()) != 0;
            knownReach = blocked ? bytes() : reach(dataType(), dims(), strides());
        }
        return knownReach;
    }

    private static long reach(DataType type, long[] dims, long[] strides) {
        long last = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            last += (dims[axis] - 1) * strides[axis];
        }
        return (last + 1) * type.bytes();
    }

    /** The dimensions, in oneDNN's logical order. */
    public long[] dims() {
        return Dims.query(address(), dnnl_h.dnnl_query_dims());
    }

    /** Distances in elements; of the outer blocks where the layout is blocked. */
    public long[] strides() {
        return Dims.query(address(), dnnl_h.dnnl_query_strides());
    }

    /** How an element is stored. */
    public DataType dataType() {
        return DataType.of(Dims.queryInt(address(), dnnl_h.dnnl_query_data_type()));
    }

    /** All that tells this layout from every other, as text; empty where only oneDNN knows. */
    public Optional<String> layout() {
        if (knownLayout.isEmpty()
                && Dims.queryInt(address(), dnnl_h.dnnl_query_format_kind()) == dnnl_h.dnnl_blocked()) {
            knownLayout = Optional.of(this + " strides " + Arrays.toString(strides()) + " bytes " + bytes());
        }
        return knownLayout;
    }

    /** Whether both describe the same shape, type and layout, so that a buffer of one can be read as the other. */
    public boolean matches(MemoryDescriptor other) {
        return dnnl_h.dnnl_memory_desc_equal(address(), other.address()) != 0;
    }

    /** Type, layout and shape, as in {@code f32 acdb [2, 320, 32, 16]}; the layout in the letters of {@link LayoutTag}. */
    @Override
    public String toString() {
        return text(address());
    }

    /** The same of a borrowed descriptor. */
    static String text(MemorySegment descriptor) {
        DataType type = DataType.of(Dims.queryInt(descriptor, dnnl_h.dnnl_query_data_type()));
        long[] dims = Dims.query(descriptor, dnnl_h.dnnl_query_dims());
        return type + " " + LayoutTag.of(descriptor) + " " + Arrays.toString(dims);
    }

    @Override
    protected void destroy() {
        Check.status("dnnl_memory_desc_destroy", dnnl_h.dnnl_memory_desc_destroy(address()));
    }

    private static long[] rowMajor(long[] dims) {
        long[] strides = new long[dims.length];
        long stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    private static MemoryDescriptor create(String call, Creation creation, Supplier<String> context) {
        OneDnn.load();
        try (Arena arena = Arena.ofConfined()) {
            return new MemoryDescriptor(Check.handle(call, out -> creation.invoke(arena, out), context));
        }
    }

    /** A creating call that needs small arrays besides the out-parameter. */
    private interface Creation {
        int invoke(Arena arena, MemorySegment out);
    }
}
