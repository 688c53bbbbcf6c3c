package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Copies that change where elements lie; {@code copies.cu}. */
public final class CopyKernel {
    private static final int THREADS = 256;
    private static final int AXES = 4;

    private CopyKernel() {}

    /**
     * {@code y = x}, each at strides of its own: a part of a concatenation, a slice, a transposition.
     *
     * @param extents of what is copied
     * @param xStrides elements of {@code x} between neighbours along each axis
     * @param yStrides elements of {@code y} between neighbours along each axis
     * @throws IllegalArgumentException where more than four axes are left when those are joined that lie alike
     */
    public static Launch strided(
            Kernels kernels,
            Arena arena,
            Elements elements,
            long[] extents,
            long x,
            long[] xStrides,
            long y,
            long[] yStrides) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(y, elements, "y");
        Axes axes = Axes.of(extents, xStrides, yStrides);
        int count = axes.elements();
        long[] n = axes.extents();
        long[] s = axes.first();
        long[] t = axes.second();
        int widest = elements.widest();
        boolean wide = Extents.aligned(x, y) && s[3] == 1 && t[3] == 1 && n[3] % widest == 0;
        for (int i = 0; i < AXES - 1; i++) {
            wide &= s[i] % widest == 0 && t[i] % widest == 0;
        }
        int piece = wide ? widest : 1;
        return Launch.of(
                kernels,
                arena,
                "copies",
                "strided_" + piece * elements.bytes(),
                blocks(kernels, count / piece),
                x,
                y,
                count / piece,
                (int) n[1],
                (int) n[2],
                (int) n[3] / piece,
                s[0] / piece,
                s[1] / piece,
                s[2] / piece,
                wide ? 1L : s[3],
                t[0] / piece,
                t[1] / piece,
                t[2] / piece,
                wide ? 1L : t[3]);
    }

    /**
     * {@code y} is {@code x} with zeros around it, both dense.
     *
     * @param xExtents up to four
     * @param before zeros before {@code x} along each axis; negative cuts
     * @param yExtents as many
     */
    public static Launch pad(
            Kernels kernels,
            Arena arena,
            Elements elements,
            long[] xExtents,
            long[] before,
            long[] yExtents,
            long x,
            long y) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(y, elements, "y");
        int[] m = four(xExtents, 1);
        int[] b = four(before, 0);
        int[] n = four(yExtents, 1);
        int count = Extents.requirePositive((long) n[0] * n[1] * n[2] * n[3], "elements");
        int widest = elements.widest();
        boolean wide = Extents.aligned(x, y) && m[3] % widest == 0 && b[3] % widest == 0 && n[3] % widest == 0;
        int piece = wide ? widest : 1;
        return Launch.of(
                kernels,
                arena,
                "copies",
                "pad_" + piece * elements.bytes(),
                blocks(kernels, count / piece),
                x,
                y,
                count / piece,
                n[1],
                n[2],
                n[3] / piece,
                m[0],
                m[1],
                m[2],
                m[3] / piece,
                b[0],
                b[1],
                b[2],
                b[3] / piece);
    }

    private static CudaFunction.Shape blocks(Kernels kernels, int pieces) {
        return CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, pieces, THREADS), THREADS);
    }

    /** The numbers, behind as many of {@code filling} as are missing. */
    private static int[] four(long[] numbers, int filling) {
        if (numbers.length > AXES) {
            throw new IllegalArgumentException("padding of " + numbers.length + " axes");
        }
        int[] four = new int[AXES];
        for (int i = 0; i < AXES; i++) {
            int from = i - (AXES - numbers.length);
            four[i] = from < 0 ? filling : Math.toIntExact(numbers[from]);
        }
        return four;
    }
}
