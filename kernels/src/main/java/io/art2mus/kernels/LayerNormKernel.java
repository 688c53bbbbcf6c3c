package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Layer normalisation, and its gradient to what is normalised; {@code layer_norm.cu}. */
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
        return launch(
                kernels, arena, elements, "", rows, channels, aligned, x, rowStride, scale, shift, y, rows, channels,
                epsilon);
    }

    /**
     * {@code y = (g − mean(g) − z · mean(g z)) / sqrt(variance + epsilon)}, {@code [rows, channels]}, with {@code g = gradient · scale} and
     * the normalised {@code z}.
     *
     * @param scale {@code [channels]}, float32
     */
    public static Launch backward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            long rows,
            int channels,
            float epsilon,
            long x,
            long scale,
            long gradient,
            long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(scale, Elements.F32, "scale");
        Extents.requireAddress(gradient, elements, "gradient");
        Extents.requireAddress(y, elements, "y");
        Extents.requirePositive(rows, "rows");
        Extents.requirePositive(channels, "channels");
        boolean aligned = Extents.aligned(x, scale, gradient, y, (long) channels * elements.bytes());
        return launch(
                kernels,
                arena,
                elements,
                "backward_",
                rows,
                channels,
                aligned,
                x,
                scale,
                gradient,
                y,
                rows,
                channels,
                epsilon);
    }

    /** A warp a row where its registers hold it, else a block a row. */
    private static Launch launch(
            Kernels kernels,
            Arena arena,
            Elements elements,
            String direction,
            long rows,
            int channels,
            boolean aligned,
            Object... arguments) {
        long pieces = Extents.divideUp(channels, (long) elements.widest() * WARP);
        boolean inRegisters = aligned && pieces <= MOST_PIECES;
        String what = inRegisters ? String.valueOf(pieces == 3 ? MOST_PIECES : pieces) : "long";
        CudaFunction.Shape blocks = inRegisters
                ? CudaFunction.Shape.linear((int) Extents.divideUp(rows, WARPS), WARPS * WARP)
                : CudaFunction.Shape.linear((int) rows, LONG_THREADS);
        return Launch.of(kernels, arena, "layer_norm", direction + what + "_" + elements.suffix(), blocks, arguments);
    }
}
