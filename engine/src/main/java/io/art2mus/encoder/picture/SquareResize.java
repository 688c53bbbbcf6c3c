package io.art2mus.encoder.picture;

import java.util.Arrays;

/**
 * Resizes a picture so that its shorter side has {@code side} pixels and keeps the middle square, from rows or columns that
 * come one at a time and in any order. The horizontal pass comes first and is rounded to 8 bits, then the vertical one, as
 * in Pillow; only what the crop keeps is ever computed, so that memory is of the order of {@code side · shorter side}.
 */
final class SquareResize {
    private static final int CHANNELS = 3;
    private static final int[] NO_SUMS = {};

    private final ResampledAxis horizontal;
    private final ResampledAxis vertical;

    /** Rows that the vertical pass needs, each {@code [side, 3]}: the picture after the horizontal pass. */
    private final byte[][] narrow;

    /** Sums {@code [row, 3]} of output columns that have met some but not all of their source columns. */
    private final int[][] columnSums;

    private final int[] columnsMet;

    /**
     * @param width of the upright picture, pixels
     * @param height of the upright picture, pixels
     * @param side of the square, pixels
     */
    SquareResize(int width, int height, int side) {
        int shorter = Math.min(width, height);
        horizontal = axis(width, shorter, side);
        vertical = axis(height, shorter, side);
        narrow = new byte[vertical.sourceEnd() - vertical.sourceBegin()][side * CHANNELS];
        columnSums = new int[side][];
        Arrays.fill(columnSums, NO_SUMS);
        columnsMet = new int[side];
    }

    private static ResampledAxis axis(int extent, int shorter, int side) {
        long resized = (long) side * extent / shorter;
        long offset = (long) Math.rint((resized - side) / 2.0);
        return new ResampledAxis(extent, resized, offset, side);
    }

    /**
     * Takes a row of the upright picture.
     *
     * @param y its position from the top
     * @param rgb {@code [width, 3]}
     */
    void row(int y, byte[] rgb) {
        if (y < vertical.sourceBegin() || y >= vertical.sourceEnd()) {
            return;
        }
        byte[] out = narrow[y - vertical.sourceBegin()];
        for (int column = 0; column < horizontal.length(); column++) {
            int[] weights = horizontal.weights(column);
            int red = ResampledAxis.half();
            int green = red;
            int blue = red;
            int from = horizontal.first(column) * CHANNELS;
            for (int weight : weights) {
                red += weight * (rgb[from] & 0xff);
                green += weight * (rgb[from + 1] & 0xff);
                blue += weight * (rgb[from + 2] & 0xff);
                from += CHANNELS;
            }
            int to = column * CHANNELS;
            out[to] = ResampledAxis.round(red);
            out[to + 1] = ResampledAxis.round(green);
            out[to + 2] = ResampledAxis.round(blue);
        }
    }

    /**
     * Takes a column of the upright picture.
     *
     * @param x its position from the left
     * @param rgb {@code [height, 3]}
     */
    void column(int x, byte[] rgb) {
        for (int column = 0; column < horizontal.length(); column++) {
            int index = x - horizontal.first(column);
            int[] weights = horizontal.weights(column);
            if (index >= 0 && index < weights.length) {
                addToColumn(column, weights[index], rgb);
                if (++columnsMet[column] == weights.length) {
                    finishColumn(column);
                }
            }
        }
    }

    private void addToColumn(int column, int weight, byte[] rgb) {
        int[] sums = columnSums[column];
        if (columnsMet[column] == 0) {
            sums = new int[narrow.length * CHANNELS];
            Arrays.fill(sums, ResampledAxis.half());
            columnSums[column] = sums;
        }
        int from = vertical.sourceBegin() * CHANNELS;
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * (rgb[from + i] & 0xff);
        }
    }

    private void finishColumn(int column) {
        int[] sums = columnSums[column];
        columnSums[column] = NO_SUMS;
        for (int row = 0; row < narrow.length; row++) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                narrow[row][column * CHANNELS + channel] = ResampledAxis.round(sums[row * CHANNELS + channel]);
            }
        }
    }

    /** The vertical pass: the square, {@code [side, side, 3]}. To be called once every row or column was taken. */
    byte[] finish() {
        int rowLength = horizontal.length() * CHANNELS;
        byte[] square = new byte[vertical.length() * rowLength];
        int[] sums = new int[rowLength];
        for (int row = 0; row < vertical.length(); row++) {
            Arrays.fill(sums, ResampledAxis.half());
            int from = vertical.first(row) - vertical.sourceBegin();
            for (int weight : vertical.weights(row)) {
                byte[] source = narrow[from++];
                for (int i = 0; i < rowLength; i++) {
                    sums[i] += weight * (source[i] & 0xff);
                }
            }
            for (int i = 0; i < rowLength; i++) {
                square[row * rowLength + i] = ResampledAxis.round(sums[i]);
            }
        }
        return square;
    }
}
