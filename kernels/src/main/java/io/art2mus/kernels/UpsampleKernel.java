package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Nearest up-sampling by two, and its gradient; {@code upsample.cu}. */
public final class UpsampleKernel {
    private static final int THREADS = 256;

    private UpsampleKernel() {}

    /**
     * {@code y [batch, outHeight, outWidth, channels]} has {@code x [batch, height, width, channels]} at half its row and column.
     *
     * @param outHeight {@code 2 · height} or one less
     * @param outWidth {@code 2 · width} or one less
     */
    public static Launch nearest(
            Kernels kernels,
            Arena arena,
            Elements elements,
            int batch,
            int height,
            int width,
            int channels,
            int outHeight,
            int outWidth,
            long x,
            long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(y, elements, "y");
        requireDouble(height, width, outHeight, outWidth);
        int count = Extents.requirePositive((long) batch * outHeight * outWidth * channels, "elements");
        int piece = Extents.aligned(x, y) && channels % elements.widest() == 0 ? elements.widest() : 1;
        return Launch.of(
                kernels,
                arena,
                "upsample",
                "nearest_" + piece * elements.bytes(),
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, count / piece, THREADS), THREADS),
                x,
                y,
                count / piece,
                height,
                width,
                channels / piece,
                outHeight,
                outWidth);
    }

    /**
     * {@code y [batch, height, width, channels]} is the sum of the places of {@code gradient} that {@link #nearest} gives an element to.
     *
     * @param gradientHeight {@code 2 · height} or one less
     * @param gradientWidth {@code 2 · width} or one less
     */
    public static Launch backward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            int batch,
            int height,
            int width,
            int channels,
            int gradientHeight,
            int gradientWidth,
            long gradient,
            long y) {
        Extents.requireAddress(gradient, elements, "gradient");
        Extents.requireAddress(y, elements, "y");
        requireDouble(height, width, gradientHeight, gradientWidth);
        Extents.requirePositive((long) batch * gradientHeight * gradientWidth * channels, "elements");
        boolean wide = Extents.aligned(gradient, y) && channels % elements.widest() == 0;
        int pieces = wide ? channels / elements.widest() : channels;
        int count = batch * height * width * pieces;
        return Launch.of(
                kernels,
                arena,
                "upsample",
                (wide ? "backward_wide_" : "backward_narrow_") + elements.suffix(),
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, count, THREADS), THREADS),
                gradient,
                y,
                count,
                height,
                width,
                pieces,
                gradientHeight,
                gradientWidth);
    }

    private static void requireDouble(int height, int width, int toHeight, int toWidth) {
        if ((toHeight + 1) / 2 != height || (toWidth + 1) / 2 != width) {
            throw new IllegalArgumentException(
                    "cannot double " + height + " by " + width + " to " + toHeight + " by " + toWidth);
        }
    }
}
