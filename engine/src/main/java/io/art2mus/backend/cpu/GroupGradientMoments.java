package io.art2mus.backend.cpu;

import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The few numbers of a group normalisation's gradient that are worked out here, in double precision. With the normalised {@code z} and
 * {@code g = gradient · scale} the gradient is {@code (g − mean(g) − z · mean(g z)) / deviation}: linear in the gradient and in x's
 * distance from an origin, with coefficients that are the same for all positions of a channel.
 */
final class GroupGradientMoments {
    /** Rows of {@code numbers}, one number a channel. */
    static final int ROWS = 8;

    private static final int SUM = 0;
    private static final int SQUARES = 1;
    private static final int GRADIENT_SUM = 2;
    private static final int PRODUCTS = 3;
    private static final int ORIGIN = 4;
    private static final int SLOPE = 5;
    private static final int CURVE = 6;
    private static final int OFFSET = 7;

    private final int channels;
    private final int width;
    private final double count;
    private final double epsilon;
    private final float[] scale;
    private final MemorySegment numbers;

    /**
     * Of one picture after the other.
     *
     * @param scale {@code [channels]}
     * @param numbers float32, {@code [ROWS, channels]}; overwritten
     */
    GroupGradientMoments(Op.GroupNorm forward, float[] scale, MemorySegment numbers) {
        Shape shape = forward.x().shape();
        channels = Math.toIntExact(shape.last());
        width = channels / forward.groups();
        count = (double) width * shape.extent(1) * shape.extent(2);
        epsilon = forward.epsilon();
        this.scale = scale;
        this.numbers = numbers;
    }

    /** Sums of x for {@link #writeOrigin}, later of the distances from the origin. */
    MemorySegment sum() {
        return row(SUM);
    }

    /** Sums of the squared distances. */
    MemorySegment squares() {
        return row(SQUARES);
    }

    /** Sums of the gradient. */
    MemorySegment gradientSum() {
        return row(GRADIENT_SUM);
    }

    /** Sums of gradient times distance. */
    MemorySegment products() {
        return row(PRODUCTS);
    }

    /** What distances are taken from: each channel's group's mean, as float32 holds it. */
    MemorySegment origin() {
        return row(ORIGIN);
    }

    /** What the gradient is multiplied by. */
    MemorySegment slope() {
        return row(SLOPE);
    }

    /** What the distance is multiplied by. */
    MemorySegment curve() {
        return row(CURVE);
    }

    /** What is added. */
    MemorySegment offset() {
        return row(OFFSET);
    }

    private MemorySegment row(long row) {
        return numbers.asSlice(row * channels * Float.BYTES, (long) channels * Float.BYTES);
    }

    /** Works out the origin. */
    void writeOrigin() {
        for (int first = 0; first < channels; first += width) {
            double sum = 0;
            for (int c = first; c < first + width; c++) {
                sum += at(SUM, c);
            }
            for (int c = first; c < first + width; c++) {
                put(ORIGIN, c, sum / count);
            }
        }
    }

    /** Works out slope, curve and offset. */
    void writeAffine() {
        for (int first = 0; first < channels; first += width) {
            double distance = 0;
            double square = 0;
            double gradientMean = 0;
            double product = 0;
            for (int c = first; c < first + width; c++) {
                distance += at(SUM, c) / count;
                square += at(SQUARES, c) / count;
                gradientMean += scale[c] * at(GRADIENT_SUM, c) / count;
                product += scale[c] * at(PRODUCTS, c) / count;
            }
            double factor = 1 / Math.sqrt(Math.max(0, square - distance * distance) + epsilon);
            double normalisedProduct = (product - distance * gradientMean) * factor;
            for (int c = first; c < first + width; c++) {
                put(SLOPE, c, factor * scale[c]);
                put(CURVE, c, -factor * factor * normalisedProduct);
                put(OFFSET, c, factor * (distance * factor * normalisedProduct - gradientMean));
            }
        }
    }

    private double at(long row, int channel) {
        return numbers.getAtIndex(ValueLayout.JAVA_FLOAT, row * channels + channel);
    }

    private void put(long row, int channel, double value) {
        numbers.setAtIndex(ValueLayout.JAVA_FLOAT, row * channels + channel, (float) value);
    }
}
