package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Conversion between float32 and the 16-bit storage types; {@code convert.cu}. */
public final class ConvertKernel {
    private static final int THREADS = 256;
    private static final int PIECE = 4;

    private ConvertKernel() {}

    /** {@code y [count] = x [count]}, rounded to nearest, ties to even; one of both is float32, the other is not. */
    public static Launch forward(Kernels kernels, Arena arena, Elements from, Elements to, long count, long x, long y) {
        Extents.requireAddress(x, from, "x");
        Extents.requireAddress(y, to, "y");
        if ((from == Elements.F32) == (to == Elements.F32)) {
            throw new IllegalArgumentException("no conversion from " + from + " to " + to);
        }
        int blocks = Extents.stridingBlocks(kernels, Extents.divideUp(count, PIECE), THREADS);
        return Launch.of(
                kernels,
                arena,
                "convert",
                from.suffix() + "_" + to.suffix(),
                CudaFunction.Shape.linear(blocks, THREADS),
                x,
                y,
                count,
                Extents.aligned(x, y) ? 1 : 0);
    }
}
