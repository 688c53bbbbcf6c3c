package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;
import java.util.Locale;

/** Functions of every element by itself, and their gradients; {@code elementwise.cu}. The result may take an operand's place. */
public final class ElementwiseKernel {
    private static final int THREADS = 256;

    private ElementwiseKernel() {}

    /** The functions without a parameter. */
    public enum Function {
        /** {@code x / (1 + e^−x)}. */
        SILU,
        /** {@code x · Φ(x)} with the normal distribution's own Φ (erf). */
        GELU,
        /** The tanh approximation of GELU. */
        GELU_TANH,
        TANH
    }

    /** {@code y = function(x)}, {@code [count]}. */
    public static Launch forward(
            Kernels kernels, Arena arena, Elements elements, Function function, long count, long x, long y) {
        return launch(kernels, arena, elements, name(function), 0, count, x, y);
    }

    /** {@code y = gradient · function′(x)}, {@code [count]}. */
    public static Launch backward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            Function function,
            long count,
            long x,
            long gradient,
            long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(gradient, elements, "gradient");
        Extents.requireAddress(y, elements, "y");
        return Launch.of(
                kernels,
                arena,
                "elementwise",
                name(function) + "_backward_" + elements.suffix(),
                blocks(kernels, elements, count),
                x,
                gradient,
                y,
                count,
                Extents.aligned(x, gradient, y) ? 1 : 0);
    }

    /** {@code y = x} where positive, else {@code slope · x}. */
    public static Launch leakyRelu(
            Kernels kernels, Arena arena, Elements elements, float slope, long count, long x, long y) {
        return launch(kernels, arena, elements, "leaky_relu", slope, count, x, y);
    }

    /** {@code y = factor · x}. */
    public static Launch scale(
            Kernels kernels, Arena arena, Elements elements, float factor, long count, long x, long y) {
        return launch(kernels, arena, elements, "scale", factor, count, x, y);
    }

    private static Launch launch(
            Kernels kernels,
            Arena arena,
            Elements elements,
            String function,
            float parameter,
            long count,
            long x,
            long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(y, elements, "y");
        return Launch.of(
                kernels,
                arena,
                "elementwise",
                function + "_" + elements.suffix(),
                blocks(kernels, elements, count),
                x,
                y,
                count,
                parameter,
                Extents.aligned(x, y) ? 1 : 0);
    }

    private static String name(Function function) {
        return function.name().toLowerCase(Locale.ROOT);
    }

    private static CudaFunction.Shape blocks(Kernels kernels, Elements elements, long count) {
        long pieces = Extents.divideUp(count, elements.widest());
        return CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, pieces, THREADS), THREADS);
    }
}
