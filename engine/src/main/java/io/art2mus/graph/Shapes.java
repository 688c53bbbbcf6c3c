package io.art2mus.graph;

import org.jspecify.annotations.Nullable;

/** What operations ask of their operands. */
final class Shapes {
    private Shapes() {}

    static void requireRank(Value value, int rank) {
        if (value.shape().rank() != rank) {
            throw new ShapeException("expects " + rank + " axes, was given " + value.shape());
        }
    }

    static void requireRankAtLeast(Value value, int rank) {
        if (value.shape().rank() < rank) {
            throw new ShapeException("expects " + rank + " axes or more, was given " + value.shape());
        }
    }

    static void requireShape(@Nullable Value value, String name, long... extents) {
        if (value != null && !value.shape().equals(Shape.of(extents))) {
            throw new ShapeException(name + " is " + value.shape() + ", expected " + Shape.of(extents));
        }
    }

    static void requireDivides(int divisor, long extent, String name) {
        if (divisor < 1 || extent % divisor != 0) {
            throw new ShapeException(name + " is " + divisor + ", which does not divide " + extent);
        }
    }

    static void requirePositive(long number, String name) {
        if (number < 1) {
            throw new ShapeException(name + " is " + number + ", expected 1 or more");
        }
    }

    static void requireNotNegative(long number, String name) {
        if (number < 0) {
            throw new ShapeException(name + " is " + number + ", expected 0 or more");
        }
    }

    static void requireAxis(Value value, int axis) {
        if (axis < 0 || axis >= value.shape().rank()) {
            throw new ShapeException("axis " + axis + " is not one of " + value.shape());
        }
    }

    /** Every extent of {@code small} equals the one of {@code large} beside it or is 1. */
    static void requireBroadcasts(Value small, Shape large) {
        requireRank(small, large.rank());
        for (int axis = 0; axis < large.rank(); axis++) {
            long extent = small.shape().extent(axis);
            if (extent != 1 && extent != large.extent(axis)) {
                throw new ShapeException("cannot spread " + small.shape() + " over " + large);
            }
        }
    }

    /** Where a window of {@code kernel} taps fits: the extent of a convolution's result along one axis. */
    static long convolved(long extent, long padding, long kernel, int stride, int dilation) {
        long room = extent + padding - dilation * (kernel - 1) - 1;
        if (room < 0) {
            throw new ShapeException("a kernel of " + kernel + " does not fit an extent of " + extent);
        }
        return room / stride + 1;
    }
}
