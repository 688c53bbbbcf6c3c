package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Host code of a convolution by {@link ToomCook}: pictures to points, and back. */
final class WinogradTransforms {
    /** Elements of a line that are taken together: so many floats of every row and their sum stay in the first cache. */
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
    private final float[] bias;
    private final Combination[] toPoints;
    private final Combination[] toOutputs;
    private final Scratch[] scratch;

    /** What one thread works in. */
    private static final class Scratch {
        final HostRow[] rows;
        final HostRow sum = new HostRow(CHUNK);
        final RowTransfer transfer;

        /** The last of {@code rows} is for the bias. */
        Scratch(int rows, DataType type) {
            this.rows = new HostRow[rows];
            Arrays.setAll(this.rows, _ -> new HostRow(CHUNK));
            transfer = RowTransfer.of(type, CHUNK);
        }
    }

    /**
     * Prepares both ways; several threads read and write this memory.
     *
     * @param transformed room for the pictures of a block at each point
     * @param products room for their convolution at each point
     */
    WinogradTransforms(
            WinogradGrid grid,
            WinogradConvolutions.Data data,
            MemorySegment transformed,
            MemorySegment products,
            int threads) {
        tiles = grid.tiles();
        phases = grid.phases();
        pieces = grid.pieces();
        top = grid.top();
        inputLine = grid.inputLine();
        outputLine = grid.outputLine();
        inputElements = grid.inputElements();
        outputElements = grid.outputElements();
        x = data.x();
        result = data.result();
        this.transformed = transformed;
        this.products = products;
        bias = repeated(data.bias(), outputLine);
        toPoints = Combination.toPoints(tiles);
        toOutputs = Combination.toOutputs(tiles);
        scratch = new Scratch[threads];
        Arrays.setAll(scratch, _ -> new Scratch(tiles.points() + 1, grid.precision()));
    }

    /** At each place of a line. */
    private static float[] repeated(@Nullable MemorySegment bias, int line) {
        float[] row = new float[line];
        if (bias != null) {
            float[] channels = bias.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            for (int i = 0; i < line; i++) {
                row[i] = channels[i % channels.length];
            }
        }
        return row;
    }

    /**
     * Tiles of one picture that are taken to points, multiplied and taken back before the next ones.
     *
     * @param picture which
     * @param first tile of the result
     * @param count of tiles of the result
     */
    record Block(long picture, long first, long count) {}

    /** A block of a picture to points. Each row is read once, though neighbouring tiles overlap. */
    void forward(Block block, int part, int parts) {
        HostRow[] rows = scratch[part].rows;
        HostRow sum = scratch[part].sum;
        RowTransfer transfer = scratch[part].transfer;
        int points = tiles.points();
        long count = block.count() + pieces - 1;
        long last = count * (part + 1) / parts;
        for (int phase = 0; phase < phases; phase++) {
            for (int column = 0; column < inputLine; column += CHUNK) {
                int width = Math.min(CHUNK, inputLine - column);
                int fresh = points;
                for (long tile = count * part / parts; tile < last; tile++) {
                    long above = (block.first() + tile) * tiles.outputs() - top;
                    for (int position = points - fresh; position < points; position++) {
                        HostRow row = rows[Math.toIntExact(Math.floorMod(above + position, (long) points))];
                        gather(transfer, row, block, above + position, phase * inputLine + column, width);
                    }
                    fresh = Math.min(points, tiles.outputs());
                    int start = Math.floorMod(above, points);
                    for (int point = 0; point < points; point++) {
                        toPoints[point].of(rows, start, points, sum.floats, width);
                        long first = (((long) point * phases + phase) * count + tile) * inputLine + column;
                        transfer.writeAsRead(sum, transformed, first, width);
                    }
                }
            }
        }
    }

    /** Some columns of a row of a picture; zeros where it lies outside. */
    private void gather(RowTransfer transfer, HostRow into, Block block, long row, int column, int width) {
        long start = row * phases * inputLine + column;
        if (row >= 0 && start < inputElements) {
            transfer.read(x, block.picture() * inputElements + start, into, width);
        } else {
            Arrays.fill(into.floats, 0, width, 0);
        }
    }

    /** The products of a block to the result. */
    void backward(Block block, int part, int parts) {
        HostRow[] rows = scratch[part].rows;
        HostRow sum = scratch[part].sum;
        RowTransfer transfer = scratch[part].transfer;
        int points = tiles.points();
        long count = block.count();
        long last = count * (part + 1) / parts;
        for (int phase = 0; phase < phases; phase++) {
            for (int column = 0; column < outputLine; column += CHUNK) {
                int width = Math.min(CHUNK, outputLine - column);
                System.arraycopy(bias, column, rows[points].floats, 0, width);
                for (long tile = count * part / parts; tile < last; tile++) {
                    for (int point = 0; point < points; point++) {
                        long first = (((long) point * phases + phase) * count + tile) * outputLine + column;
                        MemorySegment.copy(
                                products, ValueLayout.JAVA_FLOAT, first * Float.BYTES, rows[point].floats, 0, width);
                    }
                    for (int output = 0; output < tiles.outputs(); output++) {
                        long row = (block.first() + tile) * tiles.outputs() + output;
                        long start = (row * phases + phase) * outputLine + column;
                        if (start < outputElements) {
                            toOutputs[output].of(rows, 0, points + 1, sum.floats, width);
                            transfer.write(sum, result, block.picture() * outputElements + start, width);
                        }
                    }
                }
            }
        }
    }
}
