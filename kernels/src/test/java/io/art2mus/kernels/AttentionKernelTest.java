package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.kernels.AttentionKernel.Bias;
import io.art2mus.kernels.AttentionKernel.Rows;
import io.art2mus.kernels.AttentionKernel.Shape;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class AttentionKernelTest {
    /** Both results of attention, in double precision: rows {@code [batch, queries, heads · width]}, logarithms of sums. */
    private static final class Reference {
        private final double[] rows;
        private final double[] logSumExp;

        private Reference(double[] rows, double[] logSumExp) {
            this.rows = rows;
            this.logSumExp = logSumExp;
        }

        static Reference of(
                Shape shape,
                IntToDoubleFunction query,
                IntToDoubleFunction key,
                IntToDoubleFunction value,
                IntToDoubleFunction bias) {
            int columns = shape.heads() * shape.width();
            double[] rows = new double[shape.batch() * shape.queries() * columns];
            double[] logSumExp = new double[shape.batch() * shape.heads() * shape.queries()];
            for (int n = 0; n < shape.batch(); n++) {
                for (int h = 0; h < shape.heads(); h++) {
                    for (int i = 0; i < shape.queries(); i++) {
                        double[] score = new double[shape.keys()];
                        double highest = Double.NEGATIVE_INFINITY;
                        int seen = shape.causal() ? shape.keys() - shape.queries() + i + 1 : shape.keys();
                        for (int j = 0; j < seen; j++) {
                            for (int c = 0; c < shape.width(); c++) {
                                score[j] += query.applyAsDouble(
                                                (n * shape.queries() + i) * columns + h * shape.width() + c)
                                        * key.applyAsDouble((n * shape.keys() + j) * columns + h * shape.width() + c);
                            }
                            score[j] = score[j] * shape.scale()
                                    + bias.applyAsDouble((n * shape.queries() + i) * shape.keys() + j);
                            highest = Math.max(highest, score[j]);
                        }
                        double sum = 0;
                        for (int j = 0; j < seen; j++) {
                            score[j] = Math.exp(score[j] - highest);
                            sum += score[j];
                        }
                        for (int j = 0; j < seen; j++) {
                            for (int c = 0; c < shape.width(); c++) {
                                rows[(n * shape.queries() + i) * columns + h * shape.width() + c] += score[j]
                                        / sum
                                        * value.applyAsDouble((n * shape.keys() + j) * columns + h * shape.width() + c);
                            }
                        }
                        logSumExp[(n * shape.heads() + h) * shape.queries() + i] = highest + Math.log(sum);
                    }
                }
            }
            return new Reference(rows, logSumExp);
        }
    }

    private static Shape shape(int batch, int heads, int queries, int keys, int width, boolean causal) {
        return new Shape(batch, heads, queries, keys, width, (float) (1 / Math.sqrt(width)), causal);
    }

    private static void attend(Elements elements, Shape shape, boolean packed, long shift, boolean withBias) {
        try (Gpu gpu = Gpu.open()) {
            int columns = shape.heads() * shape.width();
            Rows[] rows;
            IntToDoubleFunction[] read;
            if (packed) {
                // Queries, keys and values of one projection: rows of three times the columns.
                Gpu.Numbers all = gpu.random(elements, 3L * shape.batch() * shape.queries() * columns, 1, shift);
                rows = new Rows[3];
                read = new IntToDoubleFunction[3];
                for (int part = 0; part < 3; part++) {
                    int offset = part * columns;
                    rows[part] = new Rows(all.address(offset), (long) shape.queries() * 3 * columns, 3L * columns);
                    read[part] = i -> all.values[i / columns * 3 * columns + offset + i % columns];
                }
            } else {
                Gpu.Numbers query = gpu.random(elements, (long) shape.batch() * shape.queries() * columns, 1, shift);
                Gpu.Numbers key = gpu.random(elements, (long) shape.batch() * shape.keys() * columns, 2, shift);
                Gpu.Numbers value = gpu.random(elements, (long) shape.batch() * shape.keys() * columns, 3, shift);
                rows = new Rows[] {
                    new Rows(query.address(), (long) shape.queries() * columns, columns),
                    new Rows(key.address(), (long) shape.keys() * columns, columns),
                    new Rows(value.address(), (long) shape.keys() * columns, columns)
                };
                read = new IntToDoubleFunction[] {i -> query.values[i], i -> key.values[i], i -> value.values[i]};
            }
            Gpu.@Nullable Numbers bias = withBias ? bias(gpu, shape) : null;
            Gpu.Numbers output = gpu.result(elements, (long) shape.batch() * shape.queries() * columns);
            Gpu.Numbers logSumExp = gpu.result(Elements.F32, (long) shape.batch() * shape.heads() * shape.queries());
            gpu.run(AttentionKernel.forward(
                    gpu.kernels,
                    gpu.arena,
                    elements,
                    shape,
                    rows[0],
                    rows[1],
                    rows[2],
                    bias == null ? null : new Bias(bias.address(), Elements.F32, shape.keys(), 0),
                    new Rows(output.address(), (long) shape.queries() * columns, columns),
                    logSumExp.address()));
            Reference reference = Reference.of(
                    shape,
                    read[0],
                    read[1],
                    read[2],
                    i -> bias == null
                            ? 0
                            : bias.values[i / (shape.queries() * shape.keys()) * shape.keys() + i % shape.keys()]);
            String what = "attention " + shape.queries() + "x" + shape.keys() + " width " + shape.width()
                    + (shape.causal() ? " causal" : "") + (withBias ? " with bias" : "") + (packed ? " packed" : "")
                    + (shift == 0 ? "" : " unaligned");
            Gpu.assertClose(what, output, i -> reference.rows[i]);
            Gpu.assertClose(what + ", log-sum-exp", logSumExp, i -> reference.logSumExp[i]);
        }
    }

    /** A text mask: the last third of the keys is padding. */
    private static Gpu.Numbers bias(Gpu gpu, Shape shape) {
        double[] values = new double[shape.batch() * shape.keys()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % shape.keys() > shape.keys() * 2 / 3 ? -10000 : 0.25 * (i % 5);
        }
        return gpu.of(Elements.F32, values);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void publishedHeadWidthsEqualTheFormula(Elements elements) {
        attend(elements, shape(2, 2, 96, 160, 32, false), false, 0, false);
        attend(elements, shape(1, 2, 70, 70, 48, false), true, 0, false);
        attend(elements, shape(2, 1, 64, 77, 80, false), false, 0, true);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void everyPaddedWidthEqualsTheFormula(Elements elements) {
        for (int width : new int[] {1, 7, 16, 40, 64, 72, 96, 112, 128}) {
            attend(elements, shape(1, 2, 19, 67, width, false), false, 0, width == 40);
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void causalEqualsTheFormulaAlsoBehindEarlierKeys(Elements elements) {
        attend(elements, shape(2, 2, 75, 75, 64, true), true, 0, false);
        attend(elements, shape(2, 2, 20, 150, 64, true), false, 0, true);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void fewQueriesAndFewKeysEqualTheFormula(Elements elements) {
        attend(elements, shape(2, 3, 1, 33, 64, true), false, 0, true);
        attend(elements, shape(1, 2, 3, 300, 80, true), false, 0, false);
        attend(elements, shape(2, 2, 50, 1, 32, false), false, 0, false);
        attend(elements, shape(2, 2, 33, 8, 48, false), false, 0, false);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void addressesThatAreNotAlignedEqualTheFormula(Elements elements) {
        attend(elements, shape(1, 2, 37, 41, 32, false), false, 4, false);
        attend(elements, shape(1, 2, 2, 41, 32, false), false, 4, false);
    }

    @Test
    void whatTheKernelsCannotDoIsRefused() {
        assertThatThrownBy(() -> shape(1, 1, 1, 4097, 64, false)).hasMessage("keys must be in 1 ... 4096, not 4097");
        assertThatThrownBy(() -> shape(1, 1, 1, 1, 129, false)).hasMessage("head width must be in 1 ... 128, not 129");
        assertThatThrownBy(() -> shape(1, 1, 3, 2, 64, true)).hasMessage("causal attention of 3 queries to 2 keys");
        assertThatThrownBy(() -> new Shape(1, 1, 1, 1, 64, Float.NaN, false))
                .hasMessage("scale must be positive, not NaN");
    }
}
