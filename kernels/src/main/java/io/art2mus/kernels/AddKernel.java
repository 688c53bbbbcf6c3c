package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Sum of two tensors, of which the second may repeat; {@code add.cu}. */
public final class AddKernel {
    private static final int THREADS = 256;

    private AddKernel() {}

    /**
     * {@code y = a + b}; y may be a or b where they are as large.
     *
     * @param extents of {@code a} and {@code y}, which are dense
     * @param bStrides elements of {@code b} between neighbours along each axis; 0 where it repeats
     * @throws IllegalArgumentException where more than four axes are left when those are joined that lie alike
     */
    public static Launch forward(
            Kernels kernels, Arena arena, Elements elements, long[] extents, long a, long b, long[] bStrides, long y) {
        Extents.requireAddress(a, elements, "a");
        Extents.requireAddress(b, elements, "b");
        Extents.requireAddress(y, elements, "y");
        Axes axes = Axes.of(extents, Axes.denseStrides(extents), bStrides);
        int count = axes.elements();
        long[] n = axes.extents();
        long[] s = axes.second();
        int widest = elements.widest();
        boolean wide = Extents.aligned(a, y)
                && n[3] % widest == 0
                && (s[3] == 0
                        || (s[3] == 1
                                && Extents.aligned(
                                        b, s[0] * elements.bytes(), s[1] * elements.bytes(), s[2] * elements.bytes())));
        int pieces = wide ? count / widest : count;
        return Launch.of(
                kernels,
                arena,
                "add",
                (wide ? "wide_" : "narrow_") + elements.suffix(),
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, pieces, THREADS), THREADS),
                a,
                b,
                y,
                pieces,
                (int) n[1],
                (int) n[2],
                (int) n[3],
                s[0],
                s[1],
                s[2],
                s[3]);
    }
}
