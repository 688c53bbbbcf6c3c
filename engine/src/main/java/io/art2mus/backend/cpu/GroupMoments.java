package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.ThreadTeam;
import io.art2mus.graph.Op;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the elements of each group of a picture's channels have in common, and what a normalisation makes of that: the few numbers that
 * are worked out here, in double precision.
 */
final class GroupMoments {
    /** Rows of {@code coefficients}. */
    static final int ROWS = 3;

    private final int channels;
    private final int groups;
    private final long positions;
    private final float epsilon;
    private final ChannelSums[] shares;
    private final ThreadTeam.Work measuring;
    private final MemorySegment coefficients;

    /**
     * Prepares the moments of one picture.
     *
     * @param x its elements
     * @param type of the elements, F32 or BF16
     * @param threads how many share the work
     * @param coefficients float32, {@code [ROWS, channels]}; overwritten
     */
    GroupMoments(Op.GroupNorm op, MemorySegment x, DataType type, int threads, MemorySegment coefficients) {
        channels = Math.toIntExact(op.x().shape().last());
        groups = op.groups();
        epsilon = op.epsilon();
        this.coefficients = coefficients;
        positions = op.x().shape().extent(1) * op.x().shape().extent(2);
        shares = new ChannelSums[threads];
        for (int i = 0; i < threads; i++) {
            long first = positions * i / threads;
            shares[i] = new ChannelSums(x, type, channels, first, positions * (i + 1) / threads - first);
        }
        measuring = (part, parts) -> shares[part].measure();
    }

    /** Each channel's group's mean, as float32 holds it. */
    MemorySegment mean() {
        return row(0);
    }

    /** What the difference from {@link #mean()} is multiplied by. */
    MemorySegment factor() {
        return row(1);
    }

    /** What is added after that. */
    MemorySegment offset() {
        return row(2);
    }

    /** Reads the picture and works out mean, factor and offset, with each channel's scale and shift. */
    void measure(ThreadTeam threads, MemorySegment scale, MemorySegment shift) {
        threads.run(measuring);
        int width = channels / groups;
        for (int first = 0; first < channels; first += width) {
            double mean = mean(first, width);
            double norm = 1 / Math.sqrt(variance(first, width, mean) + epsilon);
            for (int channel = first; channel < first + width; channel++) {
                double factor = norm * at(scale, channel);
                put(0, channel, mean);
                put(1, channel, factor);
                put(2, channel, at(shift, channel) + factor * ((float) mean - mean));
            }
        }
    }

    private double mean(int first, int width) {
        double sum = 0;
        for (ChannelSums share : shares) {
            for (int channel = first; channel < first + width; channel++) {
                sum += share.positions() * share.mean(channel);
            }
        }
        return sum / ((double) positions * width);
    }

    /** What the channels of all shares vary by themselves, and what their means differ from the group's. */
    private double variance(int first, int width, double mean) {
        double sum = 0;
        for (ChannelSums share : shares) {
            for (int channel = first; channel < first + width; channel++) {
                double distance = share.mean(channel) - mean;
                sum += share.squares(channel) + share.positions() * distance * distance;
            }
        }
        return sum / ((double) positions * width);
    }

    private MemorySegment row(int row) {
        long bytes = (long) channels * Float.BYTES;
        return coefficients.asSlice(row * bytes, bytes);
    }

    private void put(int row, int channel, double value) {
        coefficients.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * channels + channel, (float) value);
    }

    /** Parameters lie as their file has them, at any address. */
    private static float at(MemorySegment floats, long index) {
        return floats.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
    }
}
