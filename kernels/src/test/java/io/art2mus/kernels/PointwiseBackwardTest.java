package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of what computes every element by itself, and of the loss. */
@Tag("gpu")
class PointwiseBackwardTest {
    /** No vector of 4 or 8 divides it. */
    private static final int LENGTH = 1003;

    /** The slope by differences in double precision, good to 1e-9. */
    private static double slope(DoubleUnaryOperator function, double x) {
        double step = 1e-5;
        return (function.applyAsDouble(x + step) - function.applyAsDouble(x - step)) / (2 * step);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void slopesEqualDifferences(Elements elements) {
        for (ElementwiseKernel.Function function : ElementwiseKernel.Function.values()) {
            for (long shift : new long[] {0, 4}) {
                try (Gpu gpu = Gpu.open()) {
                    Gpu.Numbers x = gpu.random(elements, LENGTH, 1, shift);
                    Gpu.Numbers gradient = gpu.random(elements, LENGTH, 2);
                    Gpu.Numbers y = gpu.result(elements, LENGTH);
                    gpu.run(ElementwiseKernel.backward(
                            gpu.kernels,
                            gpu.arena,
                            elements,
                            function,
                            LENGTH,
                            x.address(),
                            gradient.address(),
                            y.address()));
                    Gpu.assertClose(
                            function + " backward",
                            y,
                            i -> gradient.values[i] * slope(v -> PointwiseKernelsTest.apply(function, v), x.values[i]));
                }
            }
        }
    }

    @Test
    void slopesOfLargeNumbersAreZeroOrOne() {
        try (Gpu gpu = Gpu.open()) {
            for (ElementwiseKernel.Function function : ElementwiseKernel.Function.values()) {
                Gpu.Numbers x = gpu.of(Elements.F32, -1e4, -100, 100, 1e4);
                Gpu.Numbers gradient = gpu.of(Elements.F32, 2, 2, 2, 2);
                gpu.run(ElementwiseKernel.backward(
                        gpu.kernels,
                        gpu.arena,
                        Elements.F32,
                        function,
                        4,
                        x.address(),
                        gradient.address(),
                        gradient.address()));
                double right = function == ElementwiseKernel.Function.TANH ? 0 : 2;
                assertThat(Arrays.stream(gradient.now()).map(v -> v + 0.0).toArray())
                        .as(function.toString())
                        .containsExactly(0, 0, right, right);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void gateGivesBothHalvesTheirGradient(Elements elements) {
        for (int channels : new int[] {5, 32}) {
            try (Gpu gpu = Gpu.open()) {
                int rows = 9;
                Gpu.Numbers x = gpu.random(elements, 2L * rows * channels, 1);
                Gpu.Numbers gradient = gpu.random(elements, (long) rows * channels, 2);
                Gpu.Numbers y = gpu.result(elements, 2L * rows * channels);
                gpu.run(GegluKernel.backward(
                        gpu.kernels,
                        gpu.arena,
                        elements,
                        rows,
                        channels,
                        x.address(),
                        gradient.address(),
                        y.address()));
                Gpu.assertClose("geglu backward of " + channels, y, i -> {
                    int column = i % (2 * channels);
                    double g = gradient.values[i / (2 * channels) * channels + column % channels];
                    return column < channels
                            ? g * PointwiseKernelsTest.gelu(x.values[i + channels])
                            : g * x.values[i - channels] * slope(PointwiseKernelsTest::gelu, x.values[i]);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void upSamplingAddsUpWhatItRepeated(Elements elements) {
        for (int channels : new int[] {8, 3}) {
            try (Gpu gpu = Gpu.open()) {
                Gpu.Numbers gradient = gpu.random(elements, 2L * 5 * 8 * channels, 1);
                Gpu.Numbers y = gpu.result(elements, 2L * 3 * 4 * channels);
                gpu.run(UpsampleKernel.backward(
                        gpu.kernels, gpu.arena, elements, 2, 3, 4, channels, 5, 8, gradient.address(), y.address()));
                double[] expected = new double[y.values.length];
                for (int i = 0; i < gradient.values.length; i++) {
                    int w = i / channels % 8;
                    int h = i / channels / 8 % 5;
                    int n = i / channels / 40;
                    expected[((n * 3 + h / 2) * 4 + w / 2) * channels + i % channels] += gradient.values[i];
                }
                Gpu.assertClose("up-sampling backward", y, i -> expected[i]);
            }
        }
    }

    @Test
    void errorOfAnItemAndItsGradientEqualTheFormula() {
        for (int count : new int[] {1, 1003, 5000}) {
            try (Gpu gpu = Gpu.open()) {
                int items = 3;
                Gpu.Numbers prediction = gpu.random(Elements.F32, (long) items * count, 1);
                Gpu.Numbers target = gpu.random(Elements.F32, (long) items * count, 2);
                Gpu.Numbers weights = gpu.of(Elements.F32, 0.25, 1, 0);
                Gpu.Numbers means = gpu.result(Elements.F32, items);
                gpu.run(MeanSquaredErrorKernel.forward(
                        gpu.kernels, gpu.arena, items, count, prediction.address(), target.address(), means.address()));
                double[] expected = new double[items];
                for (int i = 0; i < prediction.values.length; i++) {
                    double error = prediction.values[i] - target.values[i];
                    expected[i / count] += error * error / count;
                }
                Gpu.assertClose("mean squared error of " + count, means, i -> expected[i]);
                Gpu.Numbers y = gpu.result(Elements.F32, (long) items * count);
                gpu.run(MeanSquaredErrorKernel.backward(
                        gpu.kernels,
                        gpu.arena,
                        items,
                        count,
                        prediction.address(),
                        target.address(),
                        weights.address(),
                        y.address()));
                Gpu.assertClose(
                        "mean squared error of " + count + " backward",
                        y,
                        i -> weights.values[i / count] * 2 / count * (prediction.values[i] - target.values[i]));
            }
        }
    }
}
