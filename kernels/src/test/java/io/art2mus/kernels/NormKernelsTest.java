package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.kernels.GroupNormKernel.Input;
import io.art2mus.kernels.GroupNormKernel.Shape;
import io.art2mus.kernels.GroupNormKernel.Time;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class NormKernelsTest {
    private static final float EPSILON = 1e-5f;

    /** Normalises in double precision: {@code slice} says which mean an element belongs to, {@code channel} which factor. */
    private static double[] normalised(
            double[] x, int slices, IntUnaryOperator slice, IntUnaryOperator channel, double[] scale, double[] shift) {
        double[] mean = new double[slices];
        double[] variance = new double[slices];
        double count = x.length / (double) slices;
        for (int i = 0; i < x.length; i++) {
            mean[slice.applyAsInt(i)] += x[i] / count;
        }
        for (int i = 0; i < x.length; i++) {
            double difference = x[i] - mean[slice.applyAsInt(i)];
            variance[slice.applyAsInt(i)] += difference * difference / count;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int s = slice.applyAsInt(i);
            int c = channel.applyAsInt(i);
            y[i] = (x[i] - mean[s]) / Math.sqrt(variance[s] + EPSILON) * scale[c] + shift[c];
        }
        return y;
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    /** A ResNet block's whole beginning: concatenation, time embedding of a step, norm, SiLU. */
    private static void normaliseGroups(
            Elements elements, Shape shape, int firstChannels, boolean withTime, int kernelsExpected) {
        try (Gpu gpu = Gpu.open()) {
            int c = shape.channels();
            int rest = c - firstChannels;
            int rows = shape.batch() * shape.positions();
            Gpu.Numbers x = gpu.random(elements, (long) rows * firstChannels, 1);
            Gpu.Numbers skip = gpu.random(elements, (long) rows * Math.max(rest, 1), 2);
            Gpu.Numbers table = gpu.random(elements, 3L * c, 3);
            Gpu.Numbers scale = gpu.random(Elements.F32, c, 4);
            Gpu.Numbers shift = gpu.random(Elements.F32, c, 5);
            Gpu.Numbers sum = gpu.result(elements, (long) rows * c);
            Gpu.Numbers y = gpu.result(elements, (long) rows * c);
            Time time = new Time(table.address(), gpu.number(2).devicePointer(), c, 0);
            Launch launch = GroupNormKernel.forward(
                    gpu.kernels,
                    gpu.arena,
                    elements,
                    shape,
                    new Input(
                            x.address(),
                            firstChannels,
                            rest == 0 ? 0 : skip.address(),
                            rest == 0 ? 0 : sum.address(),
                            withTime ? time : null),
                    scale.address(),
                    shift.address(),
                    true,
                    y.address(),
                    gpu.workspace(GroupNormKernel.workspaceBytes(shape, gpu.device)));
            assertThat(launch.kernels()).isEqualTo(kernelsExpected);
            gpu.run(launch);
            double[] joined = new double[rows * c];
            double[] added = new double[rows * c];
            for (int i = 0; i < joined.length; i++) {
                int row = i / c;
                int column = i % c;
                joined[i] = column < firstChannels
                        ? x.values[row * firstChannels + column]
                        : skip.values[row * rest + column - firstChannels];
                added[i] = joined[i] + (withTime ? table.values[2 * c + column] : 0);
            }
            int groupChannels = c / shape.groups();
            double[] expected = normalised(
                    added,
                    shape.batch() * shape.groups(),
                    i -> i / c / shape.positions() * shape.groups() + i % c / groupChannels,
                    i -> i % c,
                    scale.values,
                    shift.values);
            String what = "group norm " + shape.positions() + "x" + c + " in " + shape.groups();
            Gpu.assertClose(what, y, i -> silu(expected[i]));
            if (rest > 0) {
                Gpu.assertClose(what + ", concatenation", sum, i -> joined[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void groupsEqualTheFormulaWithSkipAndTime(Elements elements) {
        normaliseGroups(elements, new Shape(2, 77, 64, 8, EPSILON), 64, true, 1);
        normaliseGroups(elements, new Shape(2, 60, 96, 8, EPSILON), 64, true, 1);
        normaliseGroups(elements, new Shape(1, 35, 48, 12, EPSILON), 20, false, 1);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void groupsOfAnyWidthEqualTheFormula(Elements elements) {
        normaliseGroups(elements, new Shape(1, 13, 15, 3, EPSILON), 15, false, 1);
        normaliseGroups(elements, new Shape(2, 9, 21, 3, EPSILON), 8, true, 1);
        normaliseGroups(elements, new Shape(1, 1, 6, 6, EPSILON), 6, false, 1);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void largeGroupsAreSummedUpInParts(Elements elements) {
        normaliseGroups(elements, new Shape(1, 9001, 16, 2, EPSILON), 16, false, 2);
        normaliseGroups(elements, new Shape(2, 8200, 10, 1, EPSILON), 10, true, 2);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void groupsThatNoBlockCanKeepAreReadAgain(Elements elements) {
        normaliseGroups(elements, new Shape(1, 4000, 16, 1, EPSILON), 16, false, 1);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void layersEqualTheFormula(Elements elements) {
        for (int channels : new int[] {1, 24, 100, 128, 384, 640, 1024, 1500}) {
            try (Gpu gpu = Gpu.open()) {
                int rows = 7;
                Gpu.Numbers x = gpu.random(elements, (long) rows * channels, 1);
                Gpu.Numbers scale = gpu.random(Elements.F32, channels, 2);
                Gpu.Numbers shift = gpu.random(Elements.F32, channels, 3);
                Gpu.Numbers y = gpu.result(elements, (long) rows * channels);
                gpu.run(LayerNormKernel.forward(
                        gpu.kernels,
                        gpu.arena,
                        elements,
                        rows,
                        channels,
                        EPSILON,
                        x.address(),
                        scale.address(),
                        shift.address(),
                        y.address()));
                double[] expected =
                        normalised(x.values, rows, i -> i / channels, i -> i % channels, scale.values, shift.values);
                Gpu.assertClose("layer norm of " + channels, y, i -> expected[i]);
            }
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new Shape(1, 10, 10, 3, EPSILON)).hasMessage("3 groups of 10 channels");
        assertThatThrownBy(() -> new Shape(0, 10, 9, 3, EPSILON)).hasMessage("batch must be in 1 ... 65535, not 0");
    }
}
