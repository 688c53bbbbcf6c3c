package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Layer normalisation; {@code layer_norm.cu}. */
public final class LayerNormKernel {
    private static final int WARP = 32;
    private static final int WARPS = 4;
    private static final int LONG_THREADS = 256;
    private static final int MOST_PIECES = 4;

    private LayerNormKernel() {}

    /**
     * {@code y = (x − mean) / sqrt(variance + epsilon) · scale + shift}, {@code [rows, channels]}.
     *
     * @param scale {@code [channels]}, float32
     * @param shift {@code [channels]}, float32
     */
    public static Launch forward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            long rows,
            int channels,
            float epsilon,
            long x,
            long scale,
            long shift,
            long y) {
        return forward(kernels, arena, elements, rows, channels, epsilon, x, channels, scale, shift, y);
    }

    /** As above, where rows of {@code x} lie {@code rowStride} elements apart. */
    public static Launch forward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            long rows,
            int channels,
            float epsilon,
            long x,
            long rowStride,
            long scale,
            long shift,
            long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(scale, Elements.F32, "scale");
        Extents.requireAddress(shift, Elements.F32, "shift");
        Extents.requireAddress(y, elements, "y");
        Extents.requirePositive(rows, "rows");
        Extents.requirePositive(channels, "channels");
        boolean aligned =
                Extents.aligned(x, y, scale, shift, rowStride * elements.bytes(), (long) channels * elements.bytes());
        long pieces = Extents.divideUp(channels, (long) elements.widest() * WARP);
        boolean inRegisters = aligned && pieces <= MOST_PIECES;
        String what = inRegisters ? String.valueOf(pieces == 3 ? MOST_PIECES : pieces) : "long";
        CudaFunction.Shape blocks = inRegisters
                ? CudaFunction.Shape.linear((int) Extents.divideUp(rows, WARPS), WARPS * WARP)
                : CudaFunction.Shape.linear((int) rows, LONG_THREADS);
        return Launch.of(
                kernels,
                arena,
                "layer_norm",
                what + "_" + elements.suffix(),
                blocks,
                x,
                rowStride,
                scale,
                shift,
                y,
                rows,
                channels,
                epsilon);
    }
}
