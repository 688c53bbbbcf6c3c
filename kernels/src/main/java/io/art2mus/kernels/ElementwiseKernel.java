package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;
import java.util.Locale;

/** Functions of every element by itself; {@code elementwise.cu}. The result may take its operand's place. */
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
        return launch(kernels, arena, elements, function.name().toLowerCase(Locale.ROOT), 0, count, x, y);
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
        int blocks = Extents.stridingBlocks(kernels, Extents.divideUp(count, elements.widest()), THREADS);
        return Launch.of(
                kernels,
                arena,
                "elementwise",
                function + "_" + elements.suffix(),
                CudaFunction.Shape.linear(blocks, THREADS),
                x,
                y,
                count,
                parameter,
                Extents.aligned(x, y) ? 1 : 0);
    }
}
