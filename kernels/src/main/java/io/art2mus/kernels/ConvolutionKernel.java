package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Convolution of any shape, for what cuDNN does not take; {@code convolution.cu}. */
public final class ConvolutionKernel {
    private static final int THREADS = 256;
    private static final int TILE = 64;

    private ConvolutionKernel() {}

    /**
     * Extents and window; sequences are pictures of height 1.
     *
     * @param batch pictures
     * @param transposed whether each position of {@code x} spreads over the window, instead of each of {@code y} collecting it
     */
    public record Shape(
            int batch,
            int height,
            int width,
            int channels,
            int outHeight,
            int outWidth,
            int outChannels,
            int kernelHeight,
            int kernelWidth,
            int strideHeight,
            int strideWidth,
            int padTop,
            int padLeft,
            int dilationHeight,
            int dilationWidth,
            boolean transposed) {
        public Shape {
            for (int extent : new int[] {
                batch,
                height,
                width,
                channels,
                outHeight,
                outWidth,
                outChannels,
                kernelHeight,
                kernelWidth,
                strideHeight,
                strideWidth,
                dilationHeight,
                dilationWidth
            }) {
                Extents.requirePositive(extent, "each extent of a convolution");
            }
            Extents.requirePositive((long) batch * outHeight * outWidth, "positions");
            Extents.requirePositive((long) kernelHeight * kernelWidth * channels, "summands");
            Extents.requireAtMost(Math.ceilDiv(outChannels, TILE), 65535, "tiles of channels");
        }
    }

    /**
     * {@code y = x ⋆ weight + bias + residual}; y may be the residual.
     *
     * @param x {@code [batch, height, width, channels]}
     * @param weight {@code [outChannels, kernelHeight, kernelWidth, channels]}, transposed or not
     * @param bias {@code [outChannels]} in the storage type, or 0
     * @param residual {@code [batch, outHeight, outWidth, outChannels]}, or 0
     */
    public static Launch forward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            Shape shape,
            long x,
            long weight,
            long bias,
            long residual,
            long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(weight, elements, "weight");
        Extents.requireAddress(y, elements, "y");
        int positions = shape.batch * shape.outHeight * shape.outWidth;
        return Launch.of(
                kernels,
                arena,
                "convolution",
                elements.suffix(),
                new CudaFunction.Shape(
                        Math.ceilDiv(positions, TILE), Math.ceilDiv(shape.outChannels, TILE), 1, THREADS, 1, 1, 0),
                x,
                weight,
                bias,
                residual,
                y,
                positions,
                shape.height,
                shape.width,
                shape.channels,
                shape.outHeight,
                shape.outWidth,
                shape.outChannels,
                shape.kernelHeight,
                shape.kernelWidth,
                shape.strideHeight,
                shape.strideWidth,
                shape.padTop,
                shape.padLeft,
                shape.dilationHeight,
                shape.dilationWidth,
                shape.transposed ? 1 : 0);
    }
}
