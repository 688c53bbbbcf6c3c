package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.DataType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What one thread sums over its share of a picture, for each channel: by how much elements differ from an origin, and the squares of
 * that. The origin is the channel's mean over a sample of the share, one line in {@value #SAMPLED}, evenly spread. It lies within
 * √{@value #SAMPLED} standard deviations of the whole share's mean, for the sample's own part in the variance is no smaller; so a sum
 * of squares loses four bits at most, however large the mean is beside the deviation.
 *
 * <p>Elements are taken in lines of some whole positions, which stay in the first cache.
 */
final class ChannelSums {
    private static final int LINE_ELEMENTS = 512;
    private static final int SAMPLED = 16;

    /** Lines that are summed in float32 before their sums are added up in double precision. */
    private static final int LINES_TOGETHER = 64;

    private final MemorySegment x;
    private final long first;
    private final long end;
    private final long positions;
    private final RowTransfer transfer;
    private final HostRow line;
    private final Lanes whole;
    private final Lanes rest;
    private final double[] origins;
    private final double[] distances;
    private final double[] squares;

    /** The numbers of a line, in the order that it is read in. */
    private static final class Lanes {
        final int length;
        final int[] channels;
        final float[] origin;
        final float[] distances;
        final float[] squares;

        Lanes(int length, int channels, RowTransfer transfer) {
            this.length = length;
            this.channels = IntStream.range(0, length)
                    .map(place -> transfer.element(place, length) % channels)
                    .toArray();
            origin = new float[length];
            distances = new float[length];
            squares = new float[length];
        }

        void clear() {
            Arrays.fill(distances, 0);
            Arrays.fill(squares, 0);
        }
    }

    /**
     * Prepares the sums over some consecutive positions.
     *
     * @param x a picture's elements, {@code [positions, channels]}
     * @param type of the elements, F32 or BF16
     * @param channels even
     * @param first of the positions
     * @param count of positions, 0 or more
     */
    ChannelSums(MemorySegment x, DataType type, int channels, long first, long count) {
        this.x = x;
        this.first = first * channels;
        end = (first + count) * channels;
        positions = count;
        int length = channels * Math.max(1, LINE_ELEMENTS / channels);
        transfer = RowTransfer.of(type, length);
        line = new HostRow(length);
        whole = new Lanes(length, channels, transfer);
        rest = new Lanes(Math.toIntExact(count * channels % length), channels, transfer);
        origins = new double[channels];
        distances = new double[channels];
        squares = new double[channels];
    }

    /** How many positions were summed. */
    long positions() {
        return positions;
    }

    /** A channel's mean over all positions of the share; of no position 0. */
    double mean(int channel) {
        return origins[channel] + distances[channel] / Math.max(1, positions);
    }

    /** Sum of the squares of a channel's distances from that mean. */
    double squares(int channel) {
        return Math.max(0, squares[channel] - distances[channel] * distances[channel] / Math.max(1, positions));
    }

    /** Reads the share. */
    void measure() {
        findOrigins();
        Arrays.fill(distances, 0);
        Arrays.fill(squares, 0);
        int pending = 0;
        long at = first;
        for (; at + whole.length <= end; at += whole.length) {
            add(whole, at);
            if (++pending == LINES_TOGETHER) {
                fold(whole);
                pending = 0;
            }
        }
        fold(whole);
        add(rest, at);
        fold(rest);
    }

    private void findOrigins() {
        Arrays.fill(origins, 0);
        Lanes sampled = end - first < whole.length ? rest : whole;
        long lines = 0;
        for (long at = first; at + sampled.length <= end && at < end; at += (long) SAMPLED * whole.length) {
            transfer.read(x, at, line, sampled.length);
            sum(line.floats, sampled.distances, sampled.length);
            lines++;
        }
        for (int i = 0; i < sampled.length; i++) {
            origins[sampled.channels[i]] += sampled.distances[i];
        }
        double each = Math.max(1, (double) lines * sampled.length / origins.length);
        for (int channel = 0; channel < origins.length; channel++) {
            origins[channel] = (float) (origins[channel] / each);
        }
        sampled.clear();
        spread(whole);
        spread(rest);
    }

    private void spread(Lanes lanes) {
        for (int i = 0; i < lanes.length; i++) {
            lanes.origin[i] = (float) origins[lanes.channels[i]];
        }
    }

    private void add(Lanes lanes, long at) {
        transfer.read(x, at, line, lanes.length);
        sum(line.floats, lanes.origin, lanes.distances, lanes.squares, lanes.length);
    }

    private void fold(Lanes lanes) {
        for (int i = 0; i < lanes.length; i++) {
            distances[lanes.channels[i]] += lanes.distances[i];
            squares[lanes.channels[i]] += lanes.squares[i];
        }
        lanes.clear();
    }

    private static void sum(float[] elements, float[] sums, int length) {
        for (int i = 0; i < length; i++) {
            sums[i] += elements[i];
        }
    }

    private static void sum(float[] elements, float[] origin, float[] distances, float[] squares, int length) {
        for (int i = 0; i < length; i++) {
            float distance = elements[i] - origin[i];
            distances[i] += distance;
            squares[i] += distance * distance;
        }
    }
}
