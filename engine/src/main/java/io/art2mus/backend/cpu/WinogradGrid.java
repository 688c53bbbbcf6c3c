package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Window;
import java.util.List;

/**
 * A convolution as one along the rows of a picture, tile by tile. One along a sequence, whose taps lie {@code dilation} apart, goes along
 * rows of that many positions, its phases, which do not meet; the last row may be shorter.
 *
 * @param op stride 1
 * @param precision of the picture, also at the points, and of the result; products are float32
 * @param across whether it is a sequence
 * @param tiles how the rows are cut
 */
record WinogradGrid(Op.Conv2d op, DataType precision, boolean across, ToomCook tiles) {
    /** Three taps: 8 multiplications where there were 18. */
    private static final ToomCook THREE = new ToomCook(6, 3);

    /** For bfloat16, whose error with the longer tile is 1.7 times as large: 6 multiplications where there were 12. */
    private static final ToomCook SHORT_THREE = new ToomCook(4, 3);

    /** Four taps: 7 multiplications where there were 16. Longer kernels are sums of such, each a tile further on. */
    private static final ToomCook FOUR = new ToomCook(4, 4);

    /** Whether the convolution can be seen so. */
    static boolean fits(Op.Conv2d op) {
        Window window = op.window();
        Shape kernel = op.weight().shape();
        boolean steps = window.strideHeight() > 1 || window.strideWidth() > 1;
        boolean upright = kernel.extent(2) >= 3 && window.dilationHeight() == 1 && window.dilationWidth() == 1;
        boolean sequence = op.x().shape().extent(1) == 1
                && kernel.extent(2) == 1
                && kernel.extent(3) >= 3
                && window.top() == 0
                && window.bottom() == 0
                && window.left() % window.dilationWidth() == 0;
        return !steps && (upright || sequence);
    }

    /** The convolution, which must {@link #fits fit}. */
    static WinogradGrid of(Op.Conv2d op, DataType precision) {
        boolean across = op.weight().shape().extent(2) == 1;
        ToomCook three = precision == DataType.F32 ? THREE : SHORT_THREE;
        return new WinogradGrid(op, precision, across, taps(op, across) == 3 ? three : FOUR);
    }

    private static long taps(Op.Conv2d op, boolean across) {
        return op.weight().shape().extent(across ? 3 : 2);
    }

    /** Pictures of a batch. */
    long pictures() {
        return op.x().shape().extent(0);
    }

    /** Elements of a picture. */
    long inputElements() {
        return op.x().shape().elements() / pictures();
    }

    /** Elements of its result. */
    long outputElements() {
        return op.result().elements() / pictures();
    }

    /** Lines of a row that are convolved apart. */
    int phases() {
        return across ? op.window().dilationWidth() : 1;
    }

    /** Elements of a picture's line: one position of a sequence, or a whole row. */
    int inputLine() {
        return line(op.x().shape());
    }

    /** Elements of a result's line. */
    int outputLine() {
        return line(op.result());
    }

    private int line(Shape shape) {
        return Math.toIntExact(across ? shape.last() : shape.extent(2) * shape.last());
    }

    /** Rows of zeros above the first. */
    int top() {
        return across
                ? op.window().left() / op.window().dilationWidth()
                : op.window().top();
    }

    /** Pieces that the kernel is the sum of. */
    int pieces() {
        return Math.toIntExact(Math.ceilDiv(taps(op, across), tiles.taps()));
    }

    /** Tiles of a result. */
    long outputTiles() {
        long rows = across
                ? Math.ceilDiv(op.result().extent(2), phases())
                : op.result().extent(1);
        return Math.ceilDiv(rows, tiles.outputs());
    }

    /** So many tiles of a result, read from as many of the picture and those that longer kernels reach, at one point. */
    Shape transformed(long count) {
        return atPoint(op.x().shape(), count + pieces() - 1);
    }

    /** Their convolution. */
    Shape products(long count) {
        return atPoint(op.result(), count);
    }

    /** What {@link #transformed} takes. */
    long transformedBytes(long count) {
        return transformed(count).elements() * precision.bytes();
    }

    /** What {@link #products} take. */
    long productBytes(long count) {
        return products(count).elements() * DataType.F32.bytes();
    }

    /** A sequence's tiles lie in a row, for oneDNN is slow where rows are short. */
    private Shape atPoint(Shape shape, long tilesAtOnce) {
        return across
                ? Shape.of(phases(), 1, tilesAtOnce, shape.last())
                : Shape.of(1, tilesAtOnce, shape.extent(2), shape.last());
    }

    /** The kernel at one point: {@code [out, in, kH, kW]}. */
    Shape kernelAtPoint() {
        return op.weight().shape().with(across ? 3 : 2, pieces());
    }

    /** What the kernels at all points take. */
    long kernelBytes() {
        return tiles.points() * kernelAtPoint().elements() * precision.bytes();
    }

    /** How the kernel at one point moves. */
    io.art2mus.ffi.onednn.Window window() {
        long left = across ? 0 : op.window().left();
        long right = across ? 0 : op.window().right();
        return new io.art2mus.ffi.onednn.Window(
                List.of(1L, 1L), List.of(1L, 1L), List.of(0L, left), List.of(0L, right));
    }
}
