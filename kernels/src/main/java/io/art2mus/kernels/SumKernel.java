package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Sums over axes, in float32 and in a fixed order; {@code sum.cu}. */
public final class SumKernel {
    private static final int COLUMNS = 32;
    private static final int SLICES = 8;
    private static final int ROW_THREADS = 256;

    /** A part of a sum has at least so many steps for each of its threads. */
    private static final int LEAST_STEPS = 8;

    private static final int BLOCKS_A_MULTIPROCESSOR = 2;

    private SumKernel() {}

    /** Bytes of device memory that {@link #forward} needs for itself; 0 where it needs none. */
    public static long workspaceBytes(CudaDevice device, long[] extents, long[] xStrides, boolean[] kept) {
        Sum sum = Sum.of(extents, xStrides, kept);
        int parts = sum.parts(device);
        return parts == 1 ? 0 : (long) parts * sum.results * Float.BYTES;
    }

    /**
     * {@code y} is the sum of {@code x} over the axes that are not kept.
     *
     * @param elements of {@code x}; {@code y} is float32
     * @param extents of {@code x}
     * @param xStrides elements of {@code x} between neighbours along each axis
     * @param kept which axes {@code y} has, without gaps
     * @param workspace {@link #workspaceBytes} that nothing else uses meanwhile; 0 where none are needed
     * @throws IllegalArgumentException where more than two axes that are kept, or two that are not, are left when neighbours are joined
     */
    public static Launch forward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            long[] extents,
            long[] xStrides,
            boolean[] kept,
            long x,
            long y,
            long workspace) {
        Extents.requireAddress(x, elements, "x");
        Extents.requireAddress(y, Elements.F32, "y");
        Sum sum = Sum.of(extents, xStrides, kept);
        int parts = sum.parts(kernels.device());
        if (parts == 1) {
            return sum.launch(kernels, arena, elements, 1, x, y);
        }
        Extents.requireAddress(workspace, Elements.F32, "workspace");
        long[] partials = {parts, sum.results};
        Sum ofParts = Sum.of(partials, Axes.denseStrides(partials), new boolean[] {false, true});
        return sum.launch(kernels, arena, elements, parts, x, workspace)
                .then(ofParts.launch(kernels, arena, Elements.F32, 1, workspace, y));
    }

    /**
     * Two axes that are kept and two that are summed.
     *
     * @param results how many sums there are
     * @param steps how many elements each adds up
     * @param neighbouringResults whether neighbours in {@code x} are neighbours in {@code y}
     */
    private record Sum(int results, int steps, boolean neighbouringResults, Pair kept, Pair summed) {
        static Sum of(long[] extents, long[] xStrides, boolean[] kept) {
            long[] resultStrides = new long[extents.length];
            long stride = 1;
            for (int i = extents.length - 1; i >= 0; i--) {
                if (kept[i]) {
                    resultStrides[i] = stride;
                    stride *= extents[i];
                }
            }
            Axes axes = Axes.of(extents, xStrides, resultStrides);
            axes.elements();
            Pair results = Pair.of(axes, true);
            Pair steps = Pair.of(axes, false);
            int last = axes.extents().length - 1;
            return new Sum(results.count(), steps.count(), axes.second()[last] != 0, results, steps);
        }

        private long blocks() {
            return neighbouringResults ? Extents.divideUp(results, COLUMNS) : results;
        }

        /** Where there are fewer sums than it takes to keep the device busy, each is made in parts. */
        int parts(CudaDevice device) {
            long wanted = Extents.divideUp((long) BLOCKS_A_MULTIPROCESSOR * device.multiprocessors(), blocks());
            long most = Math.max(1, steps / (LEAST_STEPS * (neighbouringResults ? SLICES : ROW_THREADS)));
            return (int) Math.min(wanted, most);
        }

        Launch launch(Kernels kernels, Arena arena, Elements elements, int parts, long x, long y) {
            CudaFunction.Shape shape = neighbouringResults
                    ? new CudaFunction.Shape((int) blocks(), parts, 1, COLUMNS, SLICES, 1, 0)
                    : new CudaFunction.Shape((int) blocks(), parts, 1, ROW_THREADS, 1, 1, 0);
            return Launch.of(
                    kernels,
                    arena,
                    "sum",
                    (neighbouringResults ? "columns_" : "rows_") + elements.suffix(),
                    shape,
                    x,
                    y,
                    results,
                    steps,
                    (int) Extents.divideUp(steps, parts),
                    kept.inner,
                    summed.inner,
                    kept.outerStride,
                    kept.innerStride,
                    summed.outerStride,
                    summed.innerStride);
        }
    }

    /** Up to two axes, of which the outer one may be missing. */
    private record Pair(int outer, int inner, long outerStride, long innerStride) {
        static Pair of(Axes axes, boolean kept) {
            int[] chosen = IntStream.range(0, axes.extents().length)
                    .filter(i -> axes.extents()[i] > 1 && kept == (axes.second()[i] != 0))
                    .toArray();
            return switch (chosen.length) {
                case 0 -> new Pair(1, 1, 0, 0);
                case 1 -> new Pair(1, extent(axes, chosen[0]), 0, axes.first()[chosen[0]]);
                case 2 ->
                    new Pair(
                            extent(axes, chosen[0]),
                            extent(axes, chosen[1]),
                            axes.first()[chosen[0]],
                            axes.first()[chosen[1]]);
                default ->
                    throw new IllegalArgumentException("cannot sum " + Arrays.toString(axes.extents())
                            + " with strides " + Arrays.toString(axes.first()) + " over so many axes");
            };
        }

        private static int extent(Axes axes, int axis) {
            return (int) axes.extents()[axis];
        }

        int count() {
            return outer * inner;
        }
    }
}
