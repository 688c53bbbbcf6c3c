package io.art2mus.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a picture's groups of channels have in common, from each channel's sums over tiles of the picture: the few numbers of a
 * normalisation that are worked out here, in double precision.
 */
final class GroupMoments {
    /** Rows of {@code coefficients}. */
    static final int ROWS = 4;

    private final int channels;
    private final int groups;
    private final long positions;
    private final float epsilon;
    private final MemorySegment sums;
    private final MemorySegment coefficients;

    /**
     * @param positions of the whole picture
     * @param epsilon added to the variance
     * @param sums float32: a row {@code [channels]} of the sample's sums, then two rows a tile, of the distances from the origin
     *     and of their squares
     * @param coefficients float32, {@code [ROWS, channels]}; overwritten
     */
    GroupMoments(
            int channels, int groups, long positions, float epsilon, MemorySegment sums, MemorySegment coefficients) {
        this.channels = channels;
        this.groups = groups;
        this.positions = positions;
        this.epsilon = epsilon;
        this.sums = sums;
        this.coefficients = coefficients;
    }

    /** One row of the sums. */
    MemorySegment sums(int row) {
        return row(sums, row);
    }

    /** What distances are taken from: each channel's group's mean over a sample. */
    MemorySegment origin() {
        return row(coefficients, 0);
    }

    /** Each channel's group's mean, as float32 holds it. */
    MemorySegment mean() {
        return row(coefficients, 1);
    }

    /** What the difference from {@link #mean()} is multiplied by. */
    MemorySegment factor() {
        return row(coefficients, 2);
    }

    /** What is added after that. */
    MemorySegment offset() {
        return row(coefficients, 3);
    }

    /** Works out the origin from a sample of so many positions. */
    void writeOrigin(long samplePositions) {
        int width = channels / groups;
        for (int first = 0; first < channels; first += width) {
            double mean = sum(0, first, width) / ((double) samplePositions * width);
            for (int channel = first; channel < first + width; channel++) {
                put(0, channel, mean);
            }
        }
    }

    /** Works out mean, factor and offset from the sums of so many tiles, each channel's scale and its shift. */
    void writeAffine(int tiles, MemorySegment scale, MemorySegment shift) {
        int width = channels / groups;
        double count = (double) positions * width;
        for (int first = 0; first < channels; first += width) {
            double distances = 0;
            double squares = 0;
            for (int tile = 0; tile < tiles; tile++) {
                distances += sum(1 + 2 * tile, first, width);
                squares += sum(2 + 2 * tile, first, width);
            }
            double distance = distances / count;
            double mean = at(coefficients, first) + distance;
            double variance = Math.max(0, squares / count - distance * distance);
            double norm = 1 / Math.sqrt(variance + epsilon);
            for (int channel = first; channel < first + width; channel++) {
                double factor = norm * at(scale, channel);
                put(1, channel, mean);
                put(2, channel, factor);
                put(3, channel, at(shift, channel) + factor * ((float) mean - mean));
            }
        }
    }

    private double sum(int row, int first, int width) {
        double sum = 0;
        for (int channel = first; channel < first + width; channel++) {
            sum += at(sums, (long) row * channels + channel);
        }
        return sum;
    }

    private MemorySegment row(MemorySegment rows, int row) {
        long bytes = (long) channels * Float.BYTES;
        return rows.asSlice(row * bytes, bytes);
    }

    private void put(int row, int channel, double value) {
        coefficients.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * channels + channel, (float) value);
    }

    /** Parameters lie as their file has them, at any address. */
    private static float at(MemorySegment floats, long index) {
        return floats.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
    }
}
