package io.art2mus.backend.cpu;

import io.art2mus.graph.Shape;
import java.util.Arrays;

/**
 * The gradient through a group normalisation in two passes, since oneDNN's own is a slow reference. With the normalised {@code z} and
 * {@code g = gradient · scale} it is {@code (g − mean(g) − z · mean(g z)) / deviation}, which is linear in gradient and x with
 * coefficients that are the same for all positions of a channel.
 */
final class GroupNormBackward {
    private final int batch;
    private final int positions;
    private final int channels;
    private final int groups;
    private final double epsilon;
    private final float[] scale;
    private final FloatRows xs;
    private final FloatRows gradients;
    private final FloatRows results;
    private final float[] x;
    private final float[] gradient;
    private final double[] sum;
    private final double[] squares;
    private final double[] gradientSum;
    private final double[] products;
    private final float[] slope;
    private final float[] curve;
    private final float[] offset;

    /**
     * Prepares a run.
     *
     * @param shape {@code [N, H, W, C]}
     * @param scale {@code [C]}
     */
    GroupNormBackward(
            Shape shape,
            int groups,
            double epsilon,
            float[] scale,
            FloatRows xs,
            FloatRows gradients,
            FloatRows results) {
        batch = Math.toIntExact(shape.extent(0));
        positions = Math.toIntExact(shape.extent(1) * shape.extent(2));
        channels = Math.toIntExact(shape.last());
        this.groups = groups;
        this.epsilon = epsilon;
        this.scale = scale;
        this.xs = xs;
        this.gradients = gradients;
        this.results = results;
        x = new float[channels];
        gradient = new float[channels];
        sum = new double[channels];
        squares = new double[channels];
        gradientSum = new double[channels];
        products = new double[channels];
        slope = new float[channels];
        curve = new float[channels];
        offset = new float[channels];
    }

    /** Allocates nothing. */
    void run() {
        for (int n = 0; n < batch; n++) {
            long first = (long) n * positions * channels;
            measure(first);
            for (int group = 0; group < groups; group++) {
                solve(group);
            }
            apply(first);
        }
    }

    /** Sums of every channel over all positions; in float64, for a mean may be many deviations. */
    private void measure(long first) {
        Arrays.fill(sum, 0);
        Arrays.fill(squares, 0);
        Arrays.fill(gradientSum, 0);
        Arrays.fill(products, 0);
        for (int position = 0; position < positions; position++) {
            long at = first + (long) position * channels;
            xs.read(at, x);
            gradients.read(at, gradient);
            for (int c = 0; c < channels; c++) {
                double element = x[c];
                double back = gradient[c];
                sum[c] += element;
                squares[c] += element * element;
                gradientSum[c] += back;
                products[c] += element * back;
            }
        }
    }

    /** From the sums to what multiplies the gradient, what multiplies x, and what is added. */
    private void solve(int group) {
        int width = channels / groups;
        int from = group * width;
        double count = (double) width * positions;
        double mean = 0;
        double square = 0;
        double gradientMean = 0;
        double product = 0;
        for (int c = from; c < from + width; c++) {
            mean += sum[c] / count;
            square += squares[c] / count;
            gradientMean += scale[c] * gradientSum[c] / count;
            product += scale[c] * products[c] / count;
        }
        double factor = 1 / Math.sqrt(Math.max(0, square - mean * mean) + epsilon);
        double normalisedProduct = (product - mean * gradientMean) * factor;
        for (int c = from; c < from + width; c++) {
            slope[c] = (float) (factor * scale[c]);
            curve[c] = (float) (-factor * factor * normalisedProduct);
            offset[c] = (float) (factor * (mean * factor * normalisedProduct - gradientMean));
        }
    }

    private void apply(long first) {
        for (int position = 0; position < positions; position++) {
            long at = first + (long) position * channels;
            xs.read(at, x);
            gradients.read(at, gradient);
            for (int c = 0; c < channels; c++) {
                x[c] = slope[c] * gradient[c] + curve[c] * x[c] + offset[c];
            }
            results.write(at, x);
        }
    }
}
