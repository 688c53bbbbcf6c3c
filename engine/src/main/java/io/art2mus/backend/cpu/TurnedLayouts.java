package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Window;
import java.util.List;

/**
 * How a convolution's operands lie when height and width are exchanged.
 *
 * @param layouts the plan's
 * @param precision of pictures
 */
record TurnedLayouts(Layouts layouts, DataType precision) {
    /** {@code [N, H, W, C]} with its axes in the order {@code [N, C, W, H]}, where it lies. */
    MemoryDescriptor sideways(Shape shape) {
        long row = shape.extent(2) * shape.last();
        long[] dims = {shape.extent(0), shape.last(), shape.extent(2), shape.extent(1)};
        return layouts.strided(precision, dims, new long[] {shape.extent(1) * row, 1, shape.last(), row});
    }

    /** The same order of axes, channels last without gaps. */
    MemoryDescriptor turned(Shape shape) {
        return layouts.channelsLast(precision, shape.extent(0), shape.last(), shape.extent(2), shape.extent(1));
    }

    /** Extents of a kernel, turned. */
    static long[] kernel(Shape shape) {
        return new long[] {shape.extent(0), shape.extent(1), shape.extent(3), shape.extent(2)};
    }

    static io.art2mus.ffi.onednn.Window window(Window window) {
        return new io.art2mus.ffi.onednn.Window(
                List.of((long) window.strideWidth(), (long) window.strideHeight()),
                List.of((long) window.dilationWidth(), (long) window.dilationHeight()),
                List.of((long) window.left(), (long) window.top()),
                List.of((long) window.right(), (long) window.bottom()));
    }
}
