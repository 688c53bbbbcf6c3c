package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Softmax of rows of scores, for attention whose heads are too wide for {@link AttentionKernel}; {@code softmax.cu}. */
public final class SoftmaxKernel {
    private static final int THREADS = 256;

    private SoftmaxKernel() {}

    /**
     * {@code y = softmax(scale · x)}, {@code [rows, columns]}; in its operand's place where that is float32.
     *
     * @param elements of {@code y}
     * @param x scores, float32
     */
    public static Launch forward(
            Kernels kernels, Arena arena, Elements elements, long rows, int columns, float scale, long x, long y) {
        Extents.requireAddress(x, Elements.F32, "x");
        Extents.requireAddress(y, elements, "y");
        Extents.requirePositive(columns, "columns");
        return Launch.of(
                kernels,
                arena,
                "softmax",
                elements.suffix(),
                CudaFunction.Shape.linear(Extents.requirePositive(rows, "rows"), THREADS),
                x,
                y,
                columns,
                scale);
    }
}
