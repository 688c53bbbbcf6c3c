package io.art2mus.graph;

/**
 * How a convolution's kernel moves over its input: steps and zeros around it, in positions.
 *
 * @param strideHeight step down, at least 1
 * @param strideWidth step across, at least 1
 * @param dilationHeight distance between two taps down, at least 1
 * @param dilationWidth distance between two taps across, at least 1
 * @param top rows of zeros above
 * @param left columns of zeros before
 * @param bottom rows of zeros below
 * @param right columns of zeros after
 */
public record Window(
        int strideHeight,
        int strideWidth,
        int dilationHeight,
        int dilationWidth,
        int top,
        int left,
        int bottom,
        int right) {
    public Window {
        Shapes.requirePositive(strideHeight, "stride height");
        Shapes.requirePositive(strideWidth, "stride width");
        Shapes.requirePositive(dilationHeight, "dilation height");
        Shapes.requirePositive(dilationWidth, "dilation width");
        Shapes.requireNotNegative(Math.min(Math.min(top, left), Math.min(bottom, right)), "padding");
    }

    /** A square kernel's stride and equal zeros on all four sides. */
    public static Window square(int stride, int padding) {
        return new Window(stride, stride, 1, 1, padding, padding, padding, padding);
    }

    /** A kernel along the width alone, for sequences seen as pictures of height 1. */
    public static Window alongWidth(int stride, int padding, int dilation) {
        return new Window(1, stride, 1, dilation, 0, padding, 0, padding);
    }
}
