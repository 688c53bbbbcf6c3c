package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Group normalisation with what stands around it in a ResNet block: concatenation with a skip connection and addition of the time embedding
 * before it, SiLU after it; {@code group_norm.cu}.
 */
public final class GroupNormKernel {
    /** Groups of more elements are summed up by many blocks, in a launch of its own. */
    private static final long MOST_OF_ONE_BLOCK = 1 << 16;

    private static final int MOST_THREADS = 768;
    private static final int THREADS = 512;
    private static final int WARP = 32;

    /** Parts of an image: enough for every multiprocessor, few enough that each block can combine them all. */
    private static final int MOST_PARTS = 256;

    /** Static shared bytes of a block, beside what it keeps. */
    private static final int STATIC_SHARED_BYTES = 1024;

    private GroupNormKernel() {}

    /**
     * What is normalised.
     *
     * @param batch images
     * @param positions rows of an image, its height times its width
     * @param channels columns, those of a second operand counted in
     * @param groups divides the channels
     * @param epsilon added to the variance
     */
    public record Shape(int batch, int positions, int channels, int groups, float epsilon) {
        public Shape {
            Extents.requireAtMost(batch, 65535, "batch");
            Extents.requirePositive(positions, "positions");
            Extents.requirePositive(channels, "channels");
            Extents.requireAtMost(groups, channels, "groups");
            if (channels % groups != 0) {
                throw new IllegalArgumentException(groups + " groups of " + channels + " channels");
            }
            Extents.requirePositive((long) positions * (channels / groups), "elements of a group");
        }

        int groupChannels() {
            return channels / groups;
        }

        long groupElements() {
            return (long) positions * groupChannels();
        }
    }

    /**
     * What is read.
     *
     * @param x {@code [batch, positions, firstChannels]}
     * @param firstChannels channels of {@code x}: all, unless there is a second operand
     * @param second {@code [batch, positions, channels − firstChannels]}, which lies behind {@code x} along the channels; or 0
     * @param sum where {@code x} and {@code second} are written side by side for other readers, {@code [batch, positions, channels]};
     *     or 0
     * @param time what is added to every position, or null
     */
    public record Input(
            long x,
            int firstChannels,
            long second,
            long sum,
            @Nullable Time time) {
        /** One tensor alone. */
        public static Input of(long x, Shape shape) {
            return new Input(x, shape.channels, 0, 0, null);
        }
    }

    /**
     * A row of a table in the storage type, as many columns as there are channels.
     *
     * @param table address of its first element
     * @param position address of the row's number, int32 in device memory; or 0 for the first row
     * @param rowStride elements from one row to the next
     * @param batchStride elements from one image's table to the next one's; 0 where they share it
     */
    public record Time(long table, long position, long rowStride, long batchStride) {}

    /** Bytes of device memory that {@link #forward} needs for itself; 0 where it needs none. */
    public static long workspaceBytes(Shape shape, CudaDevice device) {
        return isWhole(shape) ? 0 : (long) shape.batch * parts(shape, device) * shape.groups * 2 * Float.BYTES;
    }

    /**
     * {@code y = silu(norm(concatenation + time) · scale + shift)}, {@code [batch, positions, channels]}; not in its operand's place.
     *
     * @param scale {@code [channels]}, float32
     * @param shift {@code [channels]}, float32
     * @param silu whether SiLU follows
     * @param workspace {@link #workspaceBytes} that nothing else uses meanwhile; 0 where none are needed
     */
    public static Launch forward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            Shape shape,
            Input input,
            long scale,
            long shift,
            boolean silu,
            long y,
            long workspace) {
        Extents.requireAddress(input.x, elements, "x");
        Extents.requireAddress(y, elements, "y");
        Extents.requireAddress(scale, Elements.F32, "scale");
        Extents.requireAddress(shift, Elements.F32, "shift");
        Extents.requireAtMost(input.firstChannels, shape.channels, "channels of x");
        if ((input.second == 0) != (input.firstChannels == shape.channels)) {
            throw new IllegalArgumentException(
                    "x has " + input.firstChannels + " of " + shape.channels + " channels, and "
                            + (input.second == 0 ? "nothing else has the rest" : "something else has the rest"));
        }
        int width = width(elements, shape, input, y);
        return isWhole(shape)
                ? whole(kernels, arena, elements, width, shape, input, scale, shift, silu, y)
                : inParts(kernels, arena, elements, width, shape, input, scale, shift, silu, y, workspace);
    }

    private static Launch whole(
            Kernels kernels,
            Arena arena,
            Elements elements,
            int width,
            Shape shape,
            Input input,
            long scale,
            long shift,
            boolean silu,
            long y) {
        long pieces = shape.groupElements() / width;
        int threads = (int) Math.min(MOST_THREADS, Extents.divideUp(pieces, WARP) * WARP);
        long wanted = shape.groupElements() * Float.BYTES;
        boolean keep = wanted + STATIC_SHARED_BYTES <= kernels.device().sharedBytesPerBlock();
        CudaFunction.Shape blocks =
                new CudaFunction.Shape(shape.groups, shape.batch, 1, threads, 1, 1, keep ? (int) wanted : 0);
        return Launch.of(
                kernels,
                arena,
                "group_norm",
                "whole_" + width + "_" + elements.suffix(),
                blocks,
                arguments(shape, input, scale, shift, y, shape.groups, shape.epsilon, silu ? 1 : 0, keep ? 1 : 0));
    }

    private static Launch inParts(
            Kernels kernels,
            Arena arena,
            Elements elements,
            int width,
            Shape shape,
            Input input,
            long scale,
            long shift,
            boolean silu,
            long y,
            long workspace) {
        Extents.requireAddress(workspace, Elements.F32, "workspace");
        String ending = "_" + width + "_" + elements.suffix();
        int parts = parts(shape, kernels.device());
        int rows = rows(shape, kernels.device());
        Launch sums = Launch.of(
                kernels,
                arena,
                "group_norm",
                "parts" + ending,
                new CudaFunction.Shape(parts, shape.batch, 1, THREADS, 1, 1, 0),
                arguments(shape, input, workspace, shape.groups, rows));
        Launch results = Launch.of(
                kernels,
                arena,
                "group_norm",
                "apply" + ending,
                new CudaFunction.Shape(parts, shape.batch, 1, THREADS, 1, 1, shape.groups * 2 * Float.BYTES),
                arguments(shape, input, workspace, scale, shift, y, shape.groups, rows, shape.epsilon, silu ? 1 : 0));
        return sums.then(results);
    }

    /** The operands that all kernels of the file begin with, then {@code others}. */
    private static Object[] arguments(Shape shape, Input input, Object... others) {
        Time time = input.time == null ? new Time(0, 0, 0, 0) : input.time;
        Object[] arguments = new Object[10 + others.length];
        Object[] first = {
            input.x,
            input.second,
            input.sum,
            time.table,
            time.position,
            time.rowStride,
            time.batchStride,
            (long) shape.positions,
            shape.channels,
            input.firstChannels
        };
        System.arraycopy(first, 0, arguments, 0, first.length);
        System.arraycopy(others, 0, arguments, first.length, others.length);
        return arguments;
    }

    private static boolean isWhole(Shape shape) {
        return shape.groupElements() <= MOST_OF_ONE_BLOCK;
    }

    private static int rows(Shape shape, CudaDevice device) {
        int parts = Math.clamp(2L * device.multiprocessors() / shape.batch, 1, MOST_PARTS);
        return (int) Extents.divideUp(shape.positions, parts);
    }

    private static int parts(Shape shape, CudaDevice device) {
        return (int) Extents.divideUp(shape.positions, rows(shape, device));
    }

    /** How many channels a thread takes at once: they are of one group and one operand, and aligned. */
    private static int width(Elements elements, Shape shape, Input input, long y) {
        Time time = input.time == null ? new Time(0, 0, 0, 0) : input.time;
        for (int width = elements.widest(); width > 1; width /= 2) {
            int bytes = width * elements.bytes();
            boolean divides = shape.groupChannels() % width == 0
                    && input.firstChannels % width == 0
                    && time.rowStride % width == 0
                    && time.batchStride % width == 0;
            boolean aligned = (input.x | input.second | input.sum | time.table | y) % bytes == 0;
            if (width >= 4 && divides && aligned) {
                return width;
            }
        }
        return 1;
    }
}
