package io.art2mus.graph;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Float32 values in host memory, row-major and without gaps. It does not own the memory: the arena it was allocated from
 * does.
 *
 * @param shape extents, outermost first
 * @param data {@code 4 · shape.elements()} bytes
 */
public record HostTensor(Shape shape, MemorySegment data) {
    /** What vector instructions and native libraries like best. */
    private static final long ALIGNMENT = 64;

    public HostTensor {
        if (data.byteSize() != shape.elements() * Float.BYTES) {
            throw new IllegalArgumentException(
                    "a float32 tensor " + shape + " does not fit " + data.byteSize() + " bytes");
        }
    }

    /** Zeros of this shape, owned by {@code arena}. */
    public static HostTensor allocate(Arena arena, Shape shape) {
        return new HostTensor(shape, arena.allocate(shape.elements() * Float.BYTES, ALIGNMENT));
    }

    /** Two tensors, equal but for their first extents, one after the other; owned by {@code arena}. */
    public static HostTensor stacked(Arena arena, HostTensor first, HostTensor second) {
        long rows = first.shape.extent(0) + second.shape.extent(0);
        if (!first.shape.with(0, rows).equals(second.shape.with(0, rows))) {
            throw new IllegalArgumentException("cannot stack " + first.shape + " and " + second.shape);
        }
        HostTensor both = allocate(arena, first.shape.with(0, rows));
        both.data.copyFrom(first.data);
        both.data.asSlice(first.data.byteSize()).copyFrom(second.data);
        return both;
    }

    /** The value at a row-major position. */
    public float get(long index) {
        return data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    /** Overwrites the value at a row-major position. */
    public void set(long index, float value) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }

    /** {@code count} entries of the outermost axis from {@code first} on, in the same memory. */
    public HostTensor rows(long first, long count) {
        long bytes = data.byteSize() / shape.extent(0);
        return new HostTensor(shape.with(0, count), data.asSlice(first * bytes, count * bytes));
    }

    /** The same memory under another shape of as many elements. */
    public HostTensor reshaped(Shape other) {
        return new HostTensor(other, data);
    }
}
