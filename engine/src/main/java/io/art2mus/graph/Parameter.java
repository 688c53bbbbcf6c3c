package io.art2mus.graph;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
            throw new ShapeException(path + " has " + strides.size() + " strides for shape " + shape);
        }
        long needed = reach(path, shape, strides, dtype);
        if (needed > data.byteSize()) {
            throw new ShapeException(path + " needs " + needed + " bytes, its file holds " + data.byteSize());
        }
    }

    /** Bytes from the first element to the end of the last one. */
    private static long reach(String path, Shape shape, List<Long> strides, DType dtype) {
        try {
            long last = 0;
            for (int axis = 0; axis < strides.size(); axis++) {
                if (strides.get(axis) < 0) {
                    throw new ShapeException(path + " has a negative stride");
                }
                last = Math.addExact(last, Math.multiplyExact(shape.extent(axis) - 1, strides.get(axis)));
            }
            return Math.multiplyExact(Math.addExact(last, 1), dtype.bytes());
        } catch (ArithmeticException _) {
            throw new ShapeException(path + " " + shape + " has strides beyond any file: " + strides);
        }
    }

    /** A parameter without gaps, row-major. */
    public static Parameter contiguous(String path, DType dtype, Shape shape, MemorySegment data) {
        return new Parameter(path, dtype, shape, shape.strides(), data);
    }

    /** Whether the elements lie row-major without gaps. */
    public boolean isContiguous() {
        List<Long> dense = shape.strides();
        return IntStream.range(0, strides.size())
                .allMatch(axis -> shape.extent(axis) == 1 || strides.get(axis).equals(dense.get(axis)));
    }

    /** The two axes of a matrix exchanged: GPT-2 stores {@code [in, out]}. */
    public Parameter transposed() {
        if (shape.rank() != 2) {
            throw new ShapeException(path + " is " + shape + ", not a matrix");
        }
        return new Parameter(
                path, dtype, Shape.of(shape.extent(1), shape.extent(0)), List.of(strides.get(1), strides.get(0)), data);
    }

    /** The same elements with their axes in another order: axis {@code i} is this one's {@code axes[i]}. */
    public Parameter permuted(int... axes) {
        long[] extents = Arrays.stream(axes).mapToLong(shape::extent).toArray();
        List<Long> steps = Arrays.stream(axes).mapToObj(strides::get).toList();
        return new Parameter(path, dtype, Shape.of(extents), steps, data);
    }

    /** {@code count} rows of the outermost axis from {@code first} on: one of several matrices packed in one parameter. */
    public Parameter rows(long first, long count) {
        if (first < 0 || count < 1 || count > shape.extent(0) - first) {
            throw new ShapeException(path + " " + shape + " has no " + count + " rows from " + first + " on");
        }
        return new Parameter(
                path, dtype, shape.with(0, count), strides, data.asSlice(first * strides.get(0) * dtype.bytes()));
    }

    /**
     * The same elements in the same order under another shape. One with gaps can only gain or lose axes of extent 1; a
     * {@link ShapeException} where it would have to be copied.
     */
    public Parameter reshaped(Shape other) {
        if (isContiguous() && other.elements() == shape.elements()) {
            return contiguous(path, dtype, other, data);
        }
        int[] longer = IntStream.range(0, shape.rank())
                .filter(axis -> shape.extent(axis) != 1)
                .toArray();
        int[] places = IntStream.range(0, other.rank())
                .filter(axis -> other.extent(axis) != 1)
                .toArray();
        Long[] kept = new Long[other.rank()];
        Arrays.fill(kept, 1L);
        boolean same = longer.length == places.length;
        for (int i = 0; same && i < longer.length; i++) {
            same = shape.extent(longer[i]) == other.extent(places[i]);
            kept[places[i]] = strides.get(longer[i]);
        }
        if (!same) {
            throw new ShapeException(path + " " + shape + " of strides " + strides + " cannot be seen as " + other);
        }
        return new Parameter(path, dtype, other, List.of(kept), data);
    }

    /** A copy of the elements as float32, row-major, owned by {@code arena}. */
    public HostTensor floats(Arena arena) {
        HostTensor copy = HostTensor.allocate(arena, shape);
        long length = isContiguous() ? shape.elements() : shape.last();
        long step = isContiguous() ? 1 : strides.getLast();
        for (long row = 0; row < shape.elements() / length; row++) {
            long first = rowStart(row);
            for (long i = 0; i < length; i++) {
                copy.set(row * length + i, (float) dtype.read(data, first + i * step));
            }
        }
        return copy;
    }

    /** Where in {@code data}, in elements, the row of this row-major number along the innermost axis begins. */
    public long rowStart(long row) {
        long first = 0;
        long rest = row;
        for (int axis = shape.rank() - 2; axis >= 0; axis--) {
            first += rest % shape.extent(axis) * strides.get(axis);
            rest /= shape.extent(axis);
        }
        return first;
    }
}
