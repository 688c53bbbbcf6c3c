package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.kernels.GroupNormKernel.Shape;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class NormBackwardTest {
    private static final float EPSILON = 1e-5f;

    /** In double precision: {@code slice} says what an element is normalised with, {@code channel} its factor. */
    private static double[] backward(
            double[] x,
            double[] gradient,
            int slices,
            IntUnaryOperator slice,
            IntUnaryOperator channel,
            double[] scale,
            double[] shift,
            boolean silu) {
        double[] mean = new double[slices];
        double[] variance = new double[slices];
        double[] gradientMean = new double[slices];
        double[] slope = new double[slices];
        double count = x.length / (double) slices;
        for (int i = 0; i < x.length; i++) {
            mean[slice.applyAsInt(i)] += x[i] / count;
        }
        for (int i = 0; i < x.length; i++) {
            double difference = x[i] - mean[slice.applyAsInt(i)];
            variance[slice.applyAsInt(i)] += difference * difference / count;
        }
        double[] z = new double[x.length];
        double[] g = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int s = slice.applyAsInt(i);
            int c = channel.applyAsInt(i);
            z[i] = (x[i] - mean[s]) / Math.sqrt(variance[s] + EPSILON);
            double sigmoid = 1 / (1 + Math.exp(-z[i] * scale[c] - shift[c]));
            double silenced = sigmoid * (1 + (z[i] * scale[c] + shift[c]) * (1 - sigmoid));
            g[i] = gradient[i] * scale[c] * (silu ? silenced : 1);
            gradientMean[s] += g[i] / count;
            slope[s] += g[i] * z[i] / count;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int s = slice.applyAsInt(i);
            y[i] = (g[i] - gradientMean[s] - z[i] * slope[s]) / Math.sqrt(variance[s] + EPSILON);
        }
        return y;
    }

    private static void checkGroups(Elements elements, Shape shape, long offset, boolean silu) {
        try (Gpu gpu = Gpu.open()) {
            int c = shape.channels();
            long count = (long) shape.batch() * shape.positions() * c;
            Gpu.Numbers x = gpu.random(elements, count, 1, offset);
            Gpu.Numbers gradient = gpu.random(elements, count, 2);
            Gpu.Numbers scale = gpu.random(Elements.F32, c, 3);
            Gpu.Numbers shift = gpu.random(Elements.F32, c, 4);
            Gpu.Numbers y = gpu.result(elements, count);
            gpu.run(GroupNormBackwardKernel.launch(
                    gpu.kernels,
                    gpu.arena,
                    elements,
                    shape,
                    x.address(),
                    scale.address(),
                    shift.address(),
                    silu,
                    gradient.address(),
                    y.address()));
            int groupChannels = c / shape.groups();
            double[] expected = backward(
                    x.values,
                    gradient.values,
                    shape.batch() * shape.groups(),
                    i -> i / c / shape.positions() * shape.groups() + i % c / groupChannels,
                    i -> i % c,
                    scale.values,
                    shift.values,
                    silu);
            String what = "group norm backward " + shape.positions() + "x" + c + " in " + shape.groups();
            Gpu.assertClose(what + (silu ? " through SiLU" : ""), y, i -> expected[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void groupsEqualTheFormula(Elements elements) {
        for (boolean silu : new boolean[] {false, true}) {
            checkGroups(elements, new Shape(2, 77, 64, 8, EPSILON), 0, silu);
            checkGroups(elements, new Shape(1, 35, 48, 12, EPSILON), 0, silu);
            checkGroups(elements, new Shape(2, 13, 15, 3, EPSILON), 0, silu);
            checkGroups(elements, new Shape(1, 30, 64, 8, EPSILON), 4, silu);
        }
        checkGroups(elements, new Shape(3, 1, 24, 3, EPSILON), 0, false);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void groupsThatNoBlockCanKeepAreReadAgain(Elements elements) {
        checkGroups(elements, new Shape(1, 4000, 16, 1, EPSILON), 0, true);
        checkGroups(elements, new Shape(1, 9001, 10, 1, EPSILON), 0, false);
    }

    @Test
    void groupOfOneValueHasNoGradient() {
        try (Gpu gpu = Gpu.open()) {
            Shape shape = new Shape(1, 1, 6, 6, EPSILON);
            Gpu.Numbers x = gpu.random(Elements.F32, 6, 1);
            Gpu.Numbers ones = gpu.of(Elements.F32, 1, 1, 1, 1, 1, 1);
            Gpu.Numbers y = gpu.result(Elements.F32, 6);
            gpu.run(GroupNormBackwardKernel.launch(
                    gpu.kernels,
                    gpu.arena,
                    Elements.F32,
                    shape,
                    x.address(),
                    ones.address(),
                    ones.address(),
                    false,
                    ones.address(),
                    y.address()));
            assertThat(y.now()).containsOnly(0.0);
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void layersEqualTheFormula(Elements elements) {
        for (int channels : new int[] {24, 100, 128, 384, 640, 768, 1024, 1500}) {
            for (long offset : new long[] {0, 4}) {
                try (Gpu gpu = Gpu.open()) {
                    int rows = 7;
                    Gpu.Numbers x = gpu.random(elements, (long) rows * channels, 1, offset);
                    Gpu.Numbers gradient = gpu.random(elements, (long) rows * channels, 2);
                    Gpu.Numbers scale = gpu.random(Elements.F32, channels, 3);
                    Gpu.Numbers y = gpu.result(elements, (long) rows * channels);
                    gpu.run(LayerNormKernel.backward(
                            gpu.kernels,
                            gpu.arena,
                            elements,
                            rows,
                            channels,
                            EPSILON,
                            x.address(),
                            scale.address(),
                            gradient.address(),
                            y.address()));
                    double[] expected = backward(
                            x.values,
                            gradient.values,
                            rows,
                            i -> i / channels,
                            i -> i % channels,
                            scale.values,
                            scale.values,
                            false);
                    Gpu.assertClose("layer norm backward of " + channels, y, i -> expected[i]);
                }
            }
        }
    }
}
