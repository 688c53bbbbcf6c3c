package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What computes every element by itself. */
@Tag("gpu")
class PointwiseKernelsTest {
    /** No vector of 4 or 8 divides it. */
    private static final int LENGTH = 1003;

    static double gelu(double x) {
        return x * normalDistribution(x);
    }

    /** Φ(x) by the series of its odd powers, good to 1e-12 for |x| below 6. */
    private static double normalDistribution(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= x * x / (2 * n + 1);
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    static double apply(ElementwiseKernel.Function function, double x) {
        return switch (function) {
            case SILU -> x / (1 + Math.exp(-x));
            case GELU -> gelu(x);
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case TANH -> Math.tanh(x);
        };
    }

    @FunctionalInterface
    private interface Prepared {
        Launch of(Gpu gpu, long x, long y);
    }

    private static void check(
            String what, Elements elements, long shift, DoubleUnaryOperator function, Prepared prepared) {
        try (Gpu gpu = Gpu.open()) {
            Gpu.Numbers x = gpu.random(elements, LENGTH, 1, shift);
            Gpu.Numbers y = gpu.result(elements, LENGTH);
            gpu.run(prepared.of(gpu, x.address(), y.address()));
            Gpu.assertClose(what, y, i -> function.applyAsDouble(x.values[i]));
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void functionsEqualTheirFormulas(Elements elements) {
        for (ElementwiseKernel.Function function : ElementwiseKernel.Function.values()) {
            for (long shift : new long[] {0, 4}) {
                check(
                        function.toString(),
                        elements,
                        shift,
                        x -> apply(function, x),
                        (gpu, x, y) ->
                                ElementwiseKernel.forward(gpu.kernels, gpu.arena, elements, function, LENGTH, x, y));
            }
        }
        check(
                "leaky ReLU",
                elements,
                0,
                x -> x > 0 ? x : 0.1f * x,
                (gpu, x, y) -> ElementwiseKernel.leakyRelu(gpu.kernels, gpu.arena, elements, 0.1f, LENGTH, x, y));
        check(
                "scale",
                elements,
                0,
                x -> 1.7f * x,
                (gpu, x, y) -> ElementwiseKernel.scale(gpu.kernels, gpu.arena, elements, 1.7f, LENGTH, x, y));
    }

    @Test
    void functionMayTakeItsOperandsPlace() {
        check(
                "in place",
                Elements.F16,
                0,
                x -> x,
                (gpu, x, y) -> ElementwiseKernel.scale(gpu.kernels, gpu.arena, Elements.F16, 1, LENGTH, x, x)
                        .then(ElementwiseKernel.scale(gpu.kernels, gpu.arena, Elements.F16, 1, LENGTH, x, y)));
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void gateEqualsTheFormula(Elements elements) {
        for (int channels : new int[] {5, 32}) {
            try (Gpu gpu = Gpu.open()) {
                int rows = 9;
                Gpu.Numbers x = gpu.random(elements, 2L * rows * channels, 1);
                Gpu.Numbers y = gpu.result(elements, (long) rows * channels);
                gpu.run(GegluKernel.forward(
                        gpu.kernels, gpu.arena, elements, rows, channels, x.address(), y.address()));
                Gpu.assertClose("geglu of " + channels, y, i -> {
                    int at = i / channels * 2 * channels + i % channels;
                    return x.values[at] * gelu(x.values[at + channels]);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void sumRepeatsWhatHasExtentOne(Elements elements) {
        for (int channels : new int[] {3, 16}) {
            try (Gpu gpu = Gpu.open()) {
                Gpu.Numbers a = gpu.random(elements, 2L * 5 * 7 * channels, 1);
                Gpu.Numbers same = gpu.random(elements, 2L * 5 * 7 * channels, 2);
                Gpu.Numbers perChannel = gpu.random(elements, 2L * channels, 3);
                Gpu.Numbers perRow = gpu.random(elements, 5, 4);
                Gpu.Numbers y = gpu.result(elements, 2L * 5 * 7 * channels);
                long[] extents = {2, 5, 7, channels};
                gpu.run(AddKernel.forward(
                        gpu.kernels,
                        gpu.arena,
                        elements,
                        extents,
                        a.address(),
                        same.address(),
                        Axes.denseStrides(extents),
                        y.address()));
                Gpu.assertClose("sum", y, i -> a.values[i] + same.values[i]);
                gpu.run(AddKernel.forward(
                        gpu.kernels,
                        gpu.arena,
                        elements,
                        extents,
                        a.address(),
                        perChannel.address(),
                        new long[] {channels, 0, 0, 1},
                        y.address()));
                Gpu.assertClose(
                        "sum a channel",
                        y,
                        i -> a.values[i] + perChannel.values[i / (35 * channels) * channels + i % channels]);
                gpu.run(AddKernel.forward(
                        gpu.kernels,
                        gpu.arena,
                        elements,
                        extents,
                        a.address(),
                        perRow.address(),
                        new long[] {0, 1, 0, 0},
                        y.address()));
                Gpu.assertClose("sum a row", y, i -> a.values[i] + perRow.values[i / (7 * channels) % 5]);
            }
        }
    }

    @Test
    void conversionRoundsToNearestAndKeepsWhatFits() {
        for (Elements elements : new Elements[] {Elements.F16, Elements.BF16}) {
            try (Gpu gpu = Gpu.open()) {
                Gpu.Numbers x = gpu.random(Elements.F32, LENGTH, 1);
                Gpu.Numbers y = gpu.result(elements, LENGTH);
                Gpu.Numbers back = gpu.result(Elements.F32, LENGTH);
                gpu.run(ConvertKernel.forward(
                                gpu.kernels, gpu.arena, Elements.F32, elements, LENGTH, x.address(), y.address())
                        .then(ConvertKernel.forward(
                                gpu.kernels, gpu.arena, elements, Elements.F32, LENGTH, y.address(), back.address())));
                assertThat(y.now()).isEqualTo(gpu.of(elements, x.values).values);
                assertThat(back.now()).isEqualTo(y.now());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void softmaxEqualsTheFormula(Elements elements) {
        for (int columns : new int[] {1, 300, 5000}) {
            try (Gpu gpu = Gpu.open()) {
                Gpu.Numbers x = gpu.random(Elements.F32, 3L * columns, 1);
                Gpu.Numbers y = gpu.result(elements, 3L * columns);
                gpu.run(SoftmaxKernel.forward(
                        gpu.kernels, gpu.arena, elements, 3, columns, 2.5f, x.address(), y.address()));
                double[] sums = new double[3];
                for (int i = 0; i < x.values.length; i++) {
                    sums[i / columns] += Math.exp(2.5 * x.values[i]);
                }
                Gpu.assertClose("softmax of " + columns, y, i -> Math.exp(2.5 * x.values[i]) / sums[i / columns]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void flagSaysWhetherANumberIsNotFinite(Elements elements) {
        try (Gpu gpu = Gpu.open()) {
            double[] values = new double[LENGTH];
            var finite = gpu.of(elements, values);
            values[LENGTH - 1] = Double.POSITIVE_INFINITY;
            var infinite = gpu.of(elements, values);
            values[LENGTH - 1] = 0;
            values[0] = Double.NaN;
            var none = gpu.of(elements, values);
            for (Gpu.Numbers numbers : new Gpu.Numbers[] {finite, infinite, none}) {
                var flag = gpu.number(0);
                gpu.run(NonFiniteKernel.flag(
                        gpu.kernels, gpu.arena, elements, LENGTH, numbers.address(), flag.devicePointer()));
                assertThat(gpu.read(flag)).isEqualTo(numbers == finite ? 0 : 1);
            }
        }
    }
}
