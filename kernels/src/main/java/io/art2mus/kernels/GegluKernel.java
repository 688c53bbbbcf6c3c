package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The first half of a row times GELU of the second, and the gradient to both; {@code geglu.cu}. */
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
        return launch(kernels, arena, elements, "", rows, channels, x, y);
    }

    /**
     * Of both halves: {@code y [rows, 2 · channels]} is {@code gradient · GELU(second)}, then {@code gradient · first · GELU′(second)}.
     *
     * @param channels of {@code gradient}; {@code x} and {@code y} have twice as many
     */
    public static Launch backward(
            Kernels kernels, Arena arena, Elements elements, long rows, int channels, long x, long gradient, long y) {
        return launch(kernels, arena, elements, "backward_", rows, channels, x, gradient, y);
    }

    private static Launch launch(
            Kernels kernels, Arena arena, Elements elements, String what, long rows, int channels, long... addresses) {
        for (long address : addresses) {
            Extents.requireAddress(address, elements, "an operand");
        }
        Extents.requirePositive(channels, "channels");
        boolean wide = Extents.aligned(addresses) && channels % elements.widest() == 0;
        Extents.requirePositive(rows * channels, "elements");
        long pieces = rows * (wide ? channels / elements.widest() : channels);
        Object[] sizes = {(int) rows, channels};
        return Launch.of(
                kernels,
                arena,
                "geglu",
                what + (wide ? "wide_" : "narrow_") + elements.suffix(),
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, pieces, THREADS), THREADS),
                Stream.concat(LongStream.of(addresses).boxed(), Stream.of(sizes))
                        .toArray());
    }
}
