package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** The squared norm of a gradient, in a fixed order; {@code sum_of_squares.cu}. */
public final class SumOfSquaresKernel {
    private static final int THREADS = 1024;
    private static final int BLOCKS_A_MULTIPROCESSOR = 2;

    private SumOfSquaresKernel() {}

    /** Bytes of device memory that {@link #launch} needs for itself. */
    public static long workspaceBytes(CudaDevice device, long count) {
        return (long) blocks(device, count) * Float.BYTES;
    }

    /**
     * {@code *result = Σ x²}.
     *
     * @param x {@code [count]}, float32
     * @param result address of one float32
     * @param workspace {@link #workspaceBytes} that nothing else uses meanwhile
     */
    public static Launch launch(Kernels kernels, Arena arena, long count, long x, long result, long workspace) {
        Extents.requireAddress(x, Elements.F32, "x");
        Extents.requireAddress(result, Elements.F32, "result");
        Extents.requireAddress(workspace, Elements.F32, "workspace");
        int blocks = blocks(kernels.device(), count);
        Launch parts = Launch.of(
                kernels,
                arena,
                "sum_of_squares",
                "parts",
                CudaFunction.Shape.linear(blocks, THREADS),
                x,
                count,
                workspace);
        return parts.then(Launch.of(
                kernels,
                arena,
                "sum_of_squares",
                "whole",
                CudaFunction.Shape.linear(1, THREADS),
                workspace,
                blocks,
                result));
    }

    private static int blocks(CudaDevice device, long count) {
        long enough = (long) BLOCKS_A_MULTIPROCESSOR * device.multiprocessors();
        return (int) Math.max(1, Math.min(enough, Extents.divideUp(count, THREADS)));
    }
}
