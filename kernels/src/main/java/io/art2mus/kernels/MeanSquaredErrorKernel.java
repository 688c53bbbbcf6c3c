package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Mean squared errors and their gradient, all in float32; {@code mean_squared_error.cu}. */
public final class MeanSquaredErrorKernel {
    private static final int MEAN_THREADS = 1024;
    private static final int THREADS = 256;

    private MeanSquaredErrorKernel() {}

    /**
     * {@code means [items]} of {@code (prediction − target)²}, summed in a fixed order.
     *
     * @param count elements of an item
     * @param prediction {@code [items, count]}
     * @param target {@code [items, count]}
     */
    public static Launch forward(
            Kernels kernels, Arena arena, int items, long count, long prediction, long target, long means) {
        requireFloats(prediction, target, means);
        Extents.requirePositive(items, "items");
        Extents.requirePositive(count, "elements of an item");
        return Launch.of(
                kernels,
                arena,
                "mean_squared_error",
                "forward",
                CudaFunction.Shape.linear(items, MEAN_THREADS),
                prediction,
                target,
                means,
                count);
    }

    /**
     * {@code y = gradient · 2 / count · (prediction − target)}, {@code [items, count]}.
     *
     * @param gradient of each item's mean, {@code [items]}
     */
    public static Launch backward(
            Kernels kernels, Arena arena, int items, long count, long prediction, long target, long gradient, long y) {
        requireFloats(prediction, target, gradient, y);
        Extents.requireAtMost(items, 65535, "items");
        Extents.requirePositive(count, "elements of an item");
        return Launch.of(
                kernels,
                arena,
                "mean_squared_error",
                "backward",
                new CudaFunction.Shape(Extents.stridingBlocks(kernels, count, THREADS), items, 1, THREADS, 1, 1, 0),
                prediction,
                target,
                gradient,
                y,
                count);
    }

    private static void requireFloats(long... addresses) {
        for (long address : addresses) {
            Extents.requireAddress(address, Elements.F32, "an operand");
        }
    }
}
