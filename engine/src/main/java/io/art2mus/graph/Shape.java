package io.art2mus.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The extents of a tensor, outermost first; every one at least 1, their product within 2⁴⁷ elements. */
public final class Shape {
    /** Elements a tensor may have: far above any model here, far below what overflows a byte count. */
    private static final long MOST_ELEMENTS = 1L << 47;

    private final long[] extents;
    private final long elements;

    private Shape(long[] extents) {
        long product = 1;
        for (long extent : extents) {
            if (extent < 1 || extent > MOST_ELEMENTS / product) {
                throw new ShapeException("shape " + Arrays.toString(extents) + " has an extent out of range");
            }
            product *= extent;
        }
        this.extents = extents;
        this.elements = product;
    }

    /** A shape of these extents; a {@link ShapeException} where one is below 1 or the product too large. */
    public static Shape of(long... extents) {
        return new Shape(extents.clone());
    }

    /** Number of axes. */
    public int rank() {
        return extents.length;
    }

    /** Extent of an axis; negative axes count from the end, so that -1 is the innermost. */
    public long extent(int axis) {
        return extents[axis < 0 ? extents.length + axis : axis];
    }

    /** The innermost extent: the channels of a channels-last activation. */
    public long last() {
        return extent(-1);
    }

    /** Number of elements. */
    public long elements() {
        return elements;
    }

    /** All extents, outermost first: a copy that is the caller's. */
    public long[] extents() {
        return extents.clone();
    }

    /** This shape with its innermost extent replaced. */
    public Shape withLast(long last) {
        return with(rank() - 1, last);
    }

    /** This shape with one extent replaced. */
    public Shape with(int axis, long extent) {
        long[] changed = extents.clone();
        changed[axis] = extent;
        return new Shape(changed);
    }

    /** Row-major strides in elements. */
    public List<Long> strides() {
        Long[] strides = new Long[extents.length];
        long stride = 1;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= extents[axis];
        }
        return List.of(strides);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    /** As errors and PyTorch show it: {@code [1, 8, 256, 16]}. */
    @Override
    public String toString() {
        return LongStream.of(extents).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
