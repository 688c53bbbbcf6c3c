package io.art2mus.graph;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A frozen tensor of a checkpoint as it lies in memory: usually a file's mapped bytes, in the dtype they are stored in,
 * possibly a strided view. Backends repack it when they compile; nothing here copies.
 *
 * @param path the name in the checkpoint, such as {@code down_blocks.0.resnets.0.conv1.weight}
 * @param dtype storage type of {@code data}
 * @param shape extents, outermost first, in PyTorch's order ({@code [out, in]}, {@code [out, in, height, width]})
 * @param strides elements to skip an axis step, one an axis
 * @param data begins at the first element and holds every element the strides reach
 */
public record Parameter(String path, DType dtype, Shape shape, List<Long> strides, MemorySegment data) {
    public Parameter {
        strides = List.copyOf(strides);
        if (strides.size() != shape.rank()) {
            throw new IllegalArgumentException(path + " has " + strides.size() + " strides for shape " + shape);
        }
        long lastElement = 0;
        for (int axis = 0; axis < strides.size(); axis++) {
            if (strides.get(axis) < 0) {
                throw new IllegalArgumentException(path + " has a negative stride");
            }
            lastElement = Math.addExact(lastElement, Math.multiplyExact(shape.extent(axis) - 1, strides.get(axis)));
        }
        long needed = Math.multiplyExact(Math.addExact(lastElement, 1), dtype.bytes());
        if (needed > data.byteSize()) {
            throw new IllegalArgumentException(path + " needs " + needed + " bytes, its file holds " + data.byteSize());
        }
    }

    /** A parameter without gaps, row-major. */
    public static Parameter contiguous(String path, DType dtype, Shape shape, MemorySegment data) {
        return new Parameter(path, dtype, shape, shape.strides(), data);
    }

    /** Whether the elements lie row-major without gaps. */
    public boolean isContiguous() {
        return strides.equals(shape.strides());
    }

    /** The two axes of a matrix exchanged: GPT-2 stores {@code [in, out]}. */
    public Parameter transposed() {
        if (shape.rank() != 2) {
            throw new IllegalArgumentException(path + " is " + shape + ", not a matrix");
        }
        return new Parameter(
                path, dtype, Shape.of(shape.extent(1), shape.extent(0)), List.of(strides.get(1), strides.get(0)), data);
    }

    /** {@code count} rows of the outermost axis from {@code first} on: one of several matrices packed in one parameter. */
    public Parameter rows(long first, long count) {
        if (first < 0 || count < 1 || count > shape.extent(0) - first) {
            throw new IllegalArgumentException(path + " " + shape + " has no " + count + " rows from " + first + " on");
        }
        return new Parameter(
                path, dtype, shape.with(0, count), strides, data.asSlice(first * strides.get(0) * dtype.bytes()));
    }

    /** The same elements under another shape; only for a parameter without gaps. */
    public Parameter reshaped(Shape other) {
        if (!isContiguous() || other.elements() != shape.elements()) {
            throw new IllegalArgumentException(path + " " + shape + " cannot be seen as " + other);
        }
        return contiguous(path, dtype, other, data);
    }
}
