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
        requireBroadcasts(small.shape(), large);
    }

    /** The same of a shape. */
    static void requireBroadcasts(Shape small, Shape large) {
        for (int axis = 0; axis < large.rank(); axis++) {
            long extent = small.rank() == large.rank() ? small.extent(axis) : 0;
            if (extent != 1 && extent != large.extent(axis)) {
                throw new ShapeException("cannot spread " + small + " over " + large);
            }
        }
    }

    /** What {@link Op.Conv2d} makes. */
    static Shape convolved(Shape in, Shape kernel, Window window) {
        long height = convolved(
                in.extent(1),
                (long) window.top() + window.bottom(),
                kernel.extent(2),
                window.strideHeight(),
                window.dilationHeight());
        long width = convolved(
                in.extent(2),
                (long) window.left() + window.right(),
                kernel.extent(3),
                window.strideWidth(),
                window.dilationWidth());
        return Shape.of(in.extent(0), height, width, kernel.extent(0));
    }

    /** In how many places along one axis a kernel of so many taps fits. */
    private static long convolved(long extent, long padding, long kernel, int stride, int dilation) {
        long room = extent + padding - dilation * (kernel - 1) - 1;
        if (room < 0) {
            throw new ShapeException("a kernel of " + kernel + " does not fit an extent of " + extent);
        }
        return room / stride + 1;
    }

    /** What {@link Op.ConvTranspose2d} makes. */
    static Shape convolvedTransposed(Shape in, Shape kernel, Window window) {
        long height = (in.extent(1) - 1) * window.strideHeight() - window.top() - window.bottom() + kernel.extent(2);
        long width = (in.extent(2) - 1) * window.strideWidth() - window.left() - window.right() + kernel.extent(3);
        requirePositive(height, "height of the result");
        requirePositive(width, "width of the result");
        return Shape.of(in.extent(0), height, width, kernel.extent(1));
    }
}
