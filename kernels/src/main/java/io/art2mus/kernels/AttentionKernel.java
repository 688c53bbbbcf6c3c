package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention of several heads; {@code attention.cu} on tensor cores, {@code attention_f32.cu} without them, and
 * {@code attention_few.cu} for very few queries.
 */
public final class AttentionKernel {
    /** The widest head. */
    public static final int WIDEST = 128;

    /** The most keys. */
    public static final int MOST_KEYS = 4096;

    /** As many blocks of one query each cost no more than a row of tensor cores that are mostly idle. */
    private static final int FEW_QUERIES = 4;

    private static final int FEW_THREADS = 128;
    private static final int[] TENSOR_WIDTHS = {16, 32, 48, 64, 80, 96, 128};
    private static final int[] PLAIN_WIDTHS = {32, 64, 128};
    private static final int WARP = 32;
    private static final int WARP_QUERIES = 16;

    /** Of a block on tensor cores. */
    static final int MOST_WARPS = 4;

    private static final int PLAIN_TILE = 32;
    private static final int PLAIN_THREADS = 128;

    private AttentionKernel() {}

    /**
     * What is attended to.
     *
     * @param batch images
     * @param heads heads of each
     * @param queries rows of the queries and the result
     * @param keys rows of keys and values, at most {@link #MOST_KEYS}
     * @param width columns of a head, at most {@link #WIDEST}
     * @param scale factor of the scores, positive
     * @param causal whether query i sees keys 0 … keys − queries + i only
     */
    public record Shape(int batch, int heads, int queries, int keys, int width, float scale, boolean causal) {
        public Shape {
            Extents.requirePositive(queries, "queries");
            Extents.requireAtMost(batch, 65535, "batch");
            Extents.requireAtMost(heads, 65535, "heads");
            Extents.requireAtMost(keys, MOST_KEYS, "keys");
            Extents.requireAtMost(width, WIDEST, "head width");
            if (!(scale > 0)) {
                throw new IllegalArgumentException("scale must be positive, not " + scale);
            }
            if (causal && keys < queries) {
                throw new IllegalArgumentException("causal attention of " + queries + " queries to " + keys + " keys");
            }
        }
    }

    /**
     * Rows {@code [batch, rows, heads · width]} in device memory, which may be part of longer rows.
     *
     * @param address of the first element
     * @param batchStride elements from one image to the next
     * @param rowStride elements from one row to the next
     */
    public record Rows(long address, long batchStride, long rowStride) {}

    /**
     * What is added to the scores of every head, {@code [batch, queries, keys]}.
     *
     * @param address of the first element
     * @param elements F32 or those of the queries
     * @param batchStride elements from one image to the next; 0 where all have the same
     * @param rowStride elements from one query to the next; 0 where all have the same
     */
    public record Bias(long address, Elements elements, long batchStride, long rowStride) {}

    /**
     * {@code output = softmax(scale · query keyᵀ + bias) value}.
     *
     * @param logSumExp where the logarithm of each query's sum of exponentials goes, {@code [batch, heads, queries]} float32; or 0
     */
    public static Launch forward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            Shape shape,
            Rows query,
            Rows key,
            Rows value,
            @Nullable Bias bias,
            Rows output,
            long logSumExp) {
        if (bias != null && bias.elements != Elements.F32 && bias.elements != elements) {
            throw new IllegalArgumentException("a bias of " + bias.elements + " for " + elements);
        }
        boolean aligned = shape.width * elements.bytes() % Launch.WIDEST_BYTES == 0;
        for (Rows rows : new Rows[] {query, key, value, output}) {
            Extents.requireAddress(rows.address, elements, "an operand of attention");
            aligned &= Extents.aligned(
                    rows.address, rows.batchStride * elements.bytes(), rows.rowStride * elements.bytes());
        }
        String name;
        String what;
        CudaFunction.Shape blocks;
        if (shape.queries <= FEW_QUERIES) {
            name = "attention_few";
            what = elements.suffix();
            blocks = blocks(shape, shape.queries, FEW_THREADS, shape.keys * Float.BYTES);
        } else if (elements == Elements.F32) {
            int width = fittingPlain(shape.width);
            name = "attention_f32";
            what = String.valueOf(width);
            int shared = (3 * PLAIN_TILE * (width + 1) + PLAIN_TILE * (PLAIN_TILE + 1)) * Float.BYTES;
            blocks = blocks(shape, Extents.divideUp(shape.queries, PLAIN_TILE), PLAIN_THREADS, shared);
        } else {
            int width = fittingTensor(shape.width);
            name = "attention";
            what = width + "_" + elements.suffix();
            blocks = tensorBlocks(shape, width, kernels.device().multiprocessors());
        }
        Bias added = bias == null ? new Bias(0, elements, 0, 0) : bias;
        return Launch.of(
                kernels,
                arena,
                name,
                what,
                blocks,
                query.address,
                key.address,
                value.address,
                added.address,
                output.address,
                logSumExp,
                shape.heads,
                shape.queries,
                shape.keys,
                shape.width,
                shape.scale,
                shape.causal ? 1 : 0,
                added.elements == Elements.F32 ? 1 : 0,
                aligned ? 1 : 0,
                query.batchStride,
                query.rowStride,
                key.batchStride,
                key.rowStride,
                value.batchStride,
                value.rowStride,
                output.batchStride,
                output.rowStride,
                added.batchStride,
                added.rowStride);
    }

    private static CudaFunction.Shape tensorBlocks(Shape shape, int width, int multiprocessors) {
        int warps = MOST_WARPS;
        // Where there is less work than multiprocessors, smaller blocks reach more of them; never more warps than there
        // are queries for.
        while (warps > 1
                && (Extents.divideUp(shape.queries, (long) warps * WARP_QUERIES) * shape.heads * shape.batch
                                < multiprocessors
                        || (warps / 2) * WARP_QUERIES >= shape.queries)) {
            warps /= 2;
        }
        int tile = width <= 64 ? 64 : 32;
        int tiles = shape.keys <= tile ? 1 : 2;
        int rows = warps * WARP_QUERIES + tiles * 2 * tile;
        int shared = rows * (width + 8) * Short.BYTES;
        return blocks(shape, Extents.divideUp(shape.queries, (long) warps * WARP_QUERIES), warps * WARP, shared);
    }

    private static CudaFunction.Shape blocks(Shape shape, long alongQueries, int threads, int sharedBytes) {
        return new CudaFunction.Shape((int) alongQueries, shape.heads, shape.batch, threads, 1, 1, sharedBytes);
    }

    /** The width that a head's is rounded up to on tensor cores. */
    static int fittingTensor(int width) {
        return fitting(width, TENSOR_WIDTHS);
    }

    /** The same in float32. */
    static int fittingPlain(int width) {
        return fitting(width, PLAIN_WIDTHS);
    }

    private static int fitting(int width, int[] widths) {
        for (int candidate : widths) {
            if (width <= candidate) {
                return candidate;
            }
        }
        throw new AssertionError("a head of width " + width + " was let through");
    }
}
