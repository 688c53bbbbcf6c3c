package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Nearest up-sampling by two; {@code upsample.cu}. */
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
        if ((outHeight + 1) / 2 != height || (outWidth + 1) / 2 != width) {
            throw new IllegalArgumentException(
                    "cannot double " + height + " by " + width + " to " + outHeight + " by " + outWidth);
        }
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
}
