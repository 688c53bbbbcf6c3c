package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Whether something is an infinity or no number; {@code non_finite.cu}. */
public final class NonFiniteKernel {
    private static final int THREADS = 256;

    private NonFiniteKernel() {}

    /**
     * Sets a flag to 1 where an element of {@code x} is not finite; else leaves it as it is.
     *
     * @param flag address of an int32
     */
    public static Launch flag(Kernels kernels, Arena arena, Elements elements, long count, long x, long flag) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(flag, Elements.F32, "flag");
        return Launch.of(
                kernels,
                arena,
                "non_finite",
                elements.suffix(),
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, count, THREADS), THREADS),
                x,
                count,
                flag);
    }
}
