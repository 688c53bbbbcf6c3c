package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaFunction;
import io.art2mus.kernels.AttentionKernel.Bias;
import io.art2mus.kernels.AttentionKernel.Rows;
import io.art2mus.kernels.AttentionKernel.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link AttentionKernel} to queries, keys and values; {@code attention_backward.cu} on tensor cores, {@code
 * attention_backward_f32.cu} without them. Scores are computed again, so that nothing of the forward pass is kept but what it read.
 */
public final class AttentionBackwardKernel {
    private static final int WARP = 32;
    private static final int WARP_ROWS = 16;
    private static final int PLAIN_TILE = 32;
    private static final int PLAIN_THREADS = 128;
    private static final int JOIN_THREADS = 256;

    /** The logarithm of a query's sum and what is subtracted of its slopes. */
    private static final int STATISTICS_BYTES = 2 * Float.BYTES;

    /** How many a multiprocessor is given of those that go through the queries, before these are cut into ranges. */
    private static final int WARPS_A_MULTIPROCESSOR = 8;

    /** A range of queries has at least so many tiles: sums of its own have to be worth their way through memory. */
    private static final int LEAST_TILES = 2;

    private AttentionBackwardKernel() {}

    /**
     * Where gradients to the context go.
     *
     * @param key {@code [batch, keys, heads · width]}
     * @param value {@code [batch, keys, heads · width]}
     */
    public record Context(Rows key, Rows value) {}

    /** Bytes of device memory that {@link #launch} needs for itself, aligned to 16, with a context or without. */
    public static long workspaceBytes(CudaDevice device, Elements elements, Shape shape, boolean context) {
        return statisticsBytes(shape)
                + (context ? Split.of(device, elements, shape).bytes(shape) : 0);
    }

    /**
     * With {@code p = softmax(scale · query keyᵀ + bias)}, {@code dp = gradient valueᵀ} and {@code ds = p (dp − Σ p dp)}: {@code scale · ds key}
     * to the queries, {@code scale · dsᵀ query} to the keys, {@code pᵀ gradient} to the values. The same to the last bit each time on devices
     * of as many multiprocessors.
     *
     * @param gradient of the result, {@code [batch, queries, heads · width]}
     * @param queryGradient where that to the queries goes, {@code [batch, queries, heads · width]}
     * @param context where those to keys and values go; null where none is wanted
     * @param workspace {@link #workspaceBytes} that nothing else uses meanwhile
     */
    public static Launch launch(
            Kernels kernels,
            Arena arena,
            Elements elements,
            Shape shape,
            Rows query,
            Rows key,
            Rows value,
            @Nullable Bias bias,
            Rows gradient,
            Rows queryGradient,
            @Nullable Context context,
            long workspace) {
        if (bias != null && bias.elements() != Elements.F32 && bias.elements() != elements) {
            throw new IllegalArgumentException("a bias of " + bias.elements() + " for " + elements);
        }
        Extents.requireAddress(workspace, Elements.F32, "workspace");
        if (!Extents.aligned(workspace)) {
            throw new IllegalArgumentException("workspace lies at " + workspace + ", which is no multiple of 16");
        }
        List<Rows> rows = new ArrayList<>(List.of(query, key, value, gradient, queryGradient));
        if (context != null) {
            rows.addAll(List.of(context.key, context.value));
        }
        boolean aligned = shape.width() * elements.bytes() % Launch.WIDEST_BYTES == 0;
        for (Rows operand : rows) {
            Extents.requireAddress(operand.address(), elements, "an operand of attention");
            aligned &= Extents.aligned(
                    operand.address(),
                    operand.batchStride() * elements.bytes(),
                    operand.rowStride() * elements.bytes());
        }
        Bias added = bias == null ? new Bias(0, elements, 0, 0) : bias;
        Object[] operands = {
            query.address(),
            key.address(),
            value.address(),
            gradient.address(),
            added.address(),
            shape.queries(),
            shape.keys(),
            shape.width(),
            shape.scale(),
            shape.causal() ? 1 : 0,
            added.elements() == Elements.F32 ? 1 : 0,
            aligned ? 1 : 0,
            query.batchStride(),
            query.rowStride(),
            key.batchStride(),
            key.rowStride(),
            value.batchStride(),
            value.rowStride(),
            gradient.batchStride(),
            gradient.rowStride(),
            added.batchStride(),
            added.rowStride()
        };
        Blocks queries = Blocks.of(elements, shape.width(), shape.queries());
        Launch toQueries = Launch.of(
                kernels,
                arena,
                queries.file,
                "queries_" + queries.ending,
                queries.shape(shape, 1),
                with(
                        operands,
                        queryGradient.address(),
                        queryGradient.batchStride(),
                        queryGradient.rowStride(),
                        workspace));
        if (context == null) {
            return toQueries;
        }
        Split split = Split.of(kernels.device(), elements, shape);
        long partial = workspace + statisticsBytes(shape);
        Blocks keys = Blocks.of(elements, shape.width(), shape.keys());
        Object[] results = {
            context.key.address(),
            context.key.batchStride(),
            context.key.rowStride(),
            context.value.address(),
            context.value.batchStride(),
            context.value.rowStride()
        };
        Launch toKeys = Launch.of(
                kernels,
                arena,
                keys.file,
                "keys_" + keys.ending,
                keys.shape(shape, split.ranges),
                with(with(operands, results), workspace, partial, split.ranges));
        Launch both = toQueries.then(toKeys);
        return split.ranges == 1 ? both : both.then(split.join(kernels, arena, elements, shape, partial, results));
    }

    private static long statisticsBytes(Shape shape) {
        return (long) shape.batch() * shape.heads() * shape.queries() * STATISTICS_BYTES;
    }

    private static Object[] with(Object[] first, Object... second) {
        Object[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /**
     * Of a kernel whose blocks share out {@code rows} rows.
     *
     * @param blocks how many that takes for one head
     * @param tile rows of what they go through at a time
     */
    private record Blocks(String file, String ending, int blocks, int threads, int tile, int sharedBytes) {
        static Blocks of(Elements elements, int headWidth, int rows) {
            if (elements == Elements.F32) {
                int width = AttentionKernel.fittingPlain(headWidth);
                int shared = (4 * PLAIN_TILE * (width + 1) + 2 * PLAIN_TILE * (PLAIN_TILE + 1)) * Float.BYTES;
                int blocks = (int) Extents.divideUp(rows, PLAIN_TILE);
                return new Blocks(
                        "attention_backward_f32", String.valueOf(width), blocks, PLAIN_THREADS, PLAIN_TILE, shared);
            }
            int width = AttentionKernel.fittingTensor(headWidth);
            int warps = (int) Math.min(AttentionKernel.MOST_WARPS, Extents.divideUp(rows, WARP_ROWS));
            int tile = width <= 48 ? 64 : 32;
            int shared = (2 * warps * WARP_ROWS + 4 * tile) * (width + 8) * Short.BYTES;
            int blocks = (int) Extents.divideUp(rows, (long) warps * WARP_ROWS);
            return new Blocks(
                    "attention_backward", width + "_" + elements.suffix(), blocks, warps * WARP, tile, shared);
        }

        CudaFunction.Shape shape(Shape shape, int ranges) {
            return new CudaFunction.Shape(blocks * ranges, shape.heads(), shape.batch(), threads, 1, 1, sharedBytes);
        }
    }

    /** The ranges that queries are cut into where there are few keys. */
    private record Split(int ranges) {
        static Split of(CudaDevice device, Elements elements, Shape shape) {
            Blocks keys = Blocks.of(elements, shape.width(), shape.keys());
            long warps = (long) keys.blocks * shape.heads() * shape.batch() * (keys.threads / WARP);
            long wanted = Extents.divideUp((long) WARPS_A_MULTIPROCESSOR * device.multiprocessors(), warps);
            long most = Math.max(1, shape.queries() / ((long) LEAST_TILES * keys.tile));
            return new Split((int) Math.min(wanted, most));
        }

        private static int sums(Shape shape) {
            long sums = (long) shape.batch() * shape.heads() * shape.keys() * shape.width();
            return Extents.requirePositive(sums, "elements of the keys");
        }

        long bytes(Shape shape) {
            return ranges == 1 ? 0 : 2L * ranges * sums(shape) * Float.BYTES;
        }

        Launch join(Kernels kernels, Arena arena, Elements elements, Shape shape, long partial, Object[] results) {
            int blocks = Extents.stridingBlocks(kernels, sums(shape), JOIN_THREADS);
            Object[] parts = {partial, ranges};
            return Launch.of(
                    kernels,
                    arena,
                    "attention_backward_join",
                    elements.suffix(),
                    new CudaFunction.Shape(blocks, 2, 1, JOIN_THREADS, 1, 1, 0),
                    with(with(parts, results), sums(shape), shape.heads(), shape.keys(), shape.width()));
        }
    }
}
