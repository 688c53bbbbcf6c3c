package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** The first half of a row times GELU of the second; {@code geglu.cu}. */
public final class GegluKernel {
    private static final int THREADS = 256;

    private GegluKernel() {}

    /**
     * {@code y [rows, channels] = x[:, 0 … channels) · GELU(x[:, channels … 2 · channels))}.
     *
     * @param channels of {@code y}; {@code x} has twice as many
     */
    public static Launch forward(
            Kernels kernels, Arena arena, Elements elements, long rows, int channels, long x, long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(y, elements, "y");
        Extents.requirePositive(channels, "channels");
        boolean wide = Extents.aligned(x, y) && channels % elements.widest() == 0;
        Extents.requirePositive(rows * channels, "elements");
        long pieces = rows * (wide ? channels / elements.widest() : channels);
        return Launch.of(
                kernels,
                arena,
                "geglu",
                (wide ? "wide_" : "narrow_") + elements.suffix(),
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, pieces, THREADS), THREADS),
                x,
                y,
                (int) rows,
                channels);
    }
}
