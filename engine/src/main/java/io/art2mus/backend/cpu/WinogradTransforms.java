package io.art2mus.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Host code of a convolution by {@link ToomCook}: pictures to points, and back. Float32. */
final class WinogradTransforms {
    /** Elements that are taken together, of one row or of several tiles' rows: so many floats at every point stay in the first cache. */
    private static final int CHUNK = 512;

    private final ToomCook tiles;
    private final int phases;
    private final int pieces;
    private final int top;
    private final int inputLine;
    private final int outputLine;
    private final long inputElements;
    private final long outputElements;
    private final MemorySegment x;
    private final MemorySegment transformed;
    private final MemorySegment products;
    private final MemorySegment result;
    private final float @Nullable [] bias;
    private final Scratch[] scratch;

    /** What one thread works in. */
    private static final class Scratch {
        final float[][] rows;
        final float[] sum;

        Scratch(int rows, int length) {
            this.rows = new float[rows][length];
            sum = new float[length];
        }
    }

    /**
     * Prepares both ways; several threads read and write this memory.
     *
     * @param transformed room for the pictures of a block at each point
     * @param products room for their convolution at each point
     * @param bias one number a channel of the result, or null
     */
    WinogradTransforms(
            WinogradGrid grid,
            MemorySegment x,
            MemorySegment transformed,
            MemorySegment products,
            MemorySegment result,
            @Nullable MemorySegment bias,
            int threads) {
        tiles = grid.tiles();
        phases = grid.phases();
        pieces = grid.pieces();
        top = grid.top();
        inputLine = grid.inputLine();
        outputLine = grid.outputLine();
        inputElements = grid.inputElements();
        outputElements = grid.outputElements();
        this.x = x;
        this.transformed = transformed;
        this.products = products;
        this.result = result;
        this.bias = bias == null ? null : repeated(bias.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), outputLine);
        scratch = new Scratch[threads];
        for (int thread = 0; thread < threads; thread++) {
            scratch[thread] = new Scratch(tiles.points(), CHUNK);
        }
    }

    /** At each place of a line, or of as many lines as are taken together. */
    private static float[] repeated(float[] bias, int line) {
        float[] rows = new float[Math.max(line, CHUNK)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = bias[i % bias.length];
        }
        return rows;
    }

    /**
     * Tiles of one picture that are taken to points, multiplied and taken back before the next ones.
     *
     * @param picture which
     * @param first tile of the result
     * @param count of tiles of the result
     */
    record Block(long picture, long first, long count) {}

    /** A block of a picture to points. */
    void forward(Block block, int part, int parts) {
        long count = block.count() + pieces - 1;
        int step = Math.max(1, CHUNK / inputLine);
        float[][] rows = scratch[part].rows;
        float[] sum = scratch[part].sum;
        long last = count * (part + 1) / parts;
        for (int phase = 0; phase < phases; phase++) {
            for (long tile = count * part / parts; tile < last; tile += step) {
                int taken = Math.toIntExact(Math.min(step, last - tile));
                for (int column = 0; column < inputLine; column += CHUNK) {
                    int width = Math.min(CHUNK, inputLine - column);
                    for (int position = 0; position < rows.length; position++) {
                        gather(rows[position], block, tile, taken, position, phase * inputLine + column, width);
                    }
                    for (int point = 0; point < rows.length; point++) {
                        combine(tiles.tile(point), rows, sum, taken * width);
                        long first = (((long) point * phases + phase) * count + tile) * inputLine + column;
                        MemorySegment.copy(
                                sum, 0, transformed, ValueLayout.JAVA_FLOAT, first * Float.BYTES, taken * width);
                    }
                }
            }
        }
    }

    /** Some columns of one position of some consecutive tiles; zeros where it lies outside the picture. */
    private void gather(float[] into, Block block, long tile, int taken, int position, int column, int width) {
        long row = (long) phases * inputLine;
        for (int i = 0; i < taken; i++) {
            long first = (block.first() + tile + i) * tiles.outputs() + position - top;
            long start = first * row + column;
            int present = first < 0 ? 0 : Math.toIntExact(Math.clamp(inputElements - start, 0, width));
            if (present > 0) {
                long from = block.picture() * inputElements + start;
                MemorySegment.copy(x, ValueLayout.JAVA_FLOAT, from * Float.BYTES, into, i * width, present);
            }
            if (present < width) {
                Arrays.fill(into, i * width + present, (i + 1) * width, 0);
            }
        }
    }

    /** The products of a block to the result. */
    void backward(Block block, int part, int parts) {
        int step = Math.max(1, CHUNK / outputLine);
        float[][] rows = scratch[part].rows;
        float[] sum = scratch[part].sum;
        long count = block.count();
        long last = count * (part + 1) / parts;
        for (int phase = 0; phase < phases; phase++) {
            for (long tile = count * part / parts; tile < last; tile += step) {
                int taken = Math.toIntExact(Math.min(step, last - tile));
                for (int column = 0; column < outputLine; column += CHUNK) {
                    int width = Math.min(CHUNK, outputLine - column);
                    for (int point = 0; point < rows.length; point++) {
                        long first = (((long) point * phases + phase) * count + tile) * outputLine + column;
                        MemorySegment.copy(
                                products, ValueLayout.JAVA_FLOAT, first * Float.BYTES, rows[point], 0, taken * width);
                    }
                    for (int output = 0; output < tiles.outputs(); output++) {
                        combine(tiles.output(output), rows, sum, taken * width);
                        if (bias != null) {
                            add(bias, column, sum, taken * width);
                        }
                        scatter(sum, block, tile, taken, output, phase * outputLine + column, width);
                    }
                }
            }
        }
    }

    private void scatter(float[] from, Block block, long tile, int taken, int output, int column, int width) {
        long row = (long) phases * outputLine;
        for (int i = 0; i < taken; i++) {
            long start = ((block.first() + tile + i) * tiles.outputs() + output) * row + column;
            int present = Math.toIntExact(Math.clamp(outputElements - start, 0, width));
            if (present > 0) {
                long to = block.picture() * outputElements + start;
                MemorySegment.copy(from, i * width, result, ValueLayout.JAVA_FLOAT, to * Float.BYTES, present);
            }
        }
    }

    /** {@code sum} = the rows by their factors, two at a time, for each look at the sum costs as much as one at a row. */
    private static void combine(float[] factors, float[][] rows, float[] sum, int length) {
        Arrays.fill(sum, 0, length, 0);
        int waiting = -1;
        for (int i = 0; i < factors.length; i++) {
            if (factors[i] == 0) {
                continue;
            }
            if (waiting < 0) {
                waiting = i;
            } else {
                add(factors[waiting], rows[waiting], factors[i], rows[i], sum, length);
                waiting = -1;
            }
        }
        if (waiting >= 0) {
            add(factors[waiting], rows[waiting], 0, rows[waiting], sum, length);
        }
    }

    private static void add(float a, float[] x, float b, float[] y, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += a * x[i] + b * y[i];
        }
    }

    private static void add(float[] row, int from, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += row[from + i];
        }
    }
}
