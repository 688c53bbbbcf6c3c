package io.art2mus.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.kernels.AttentionBackwardKernel.Context;
import io.art2mus.kernels.AttentionKernel.Bias;
import io.art2mus.kernels.AttentionKernel.Rows;
import io.art2mus.kernels.AttentionKernel.Shape;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class AttentionBackwardKernelTest {
    /** All three gradients in double precision, rows {@code [batch, rows, heads · width]} one after another. */
    private static final class Reference {
        private final Shape shape;
        private final double[] query;
        private final double[] key;
        private final double[] value;

        private Reference(Shape shape) {
            this.shape = shape;
            int columns = shape.heads() * shape.width();
            query = new double[shape.batch() * shape.queries() * columns];
            key = new double[shape.batch() * shape.keys() * columns];
            value = new double[key.length];
        }

        static Reference of(Shape shape, Operands operands) {
            Reference reference = new Reference(shape);
            for (int n = 0; n < shape.batch(); n++) {
                for (int head = 0; head < shape.heads(); head++) {
                    for (int i = 0; i < shape.queries(); i++) {
                        reference.addQuery(operands, n, head, i);
                    }
                }
            }
            return reference;
        }

        private void addQuery(Operands of, int n, int head, int i) {
            int seen = shape.causal() ? shape.keys() - shape.queries() + i + 1 : shape.keys();
            double[] weights = new double[seen];
            double[] slopes = new double[seen];
            double highest = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < seen; j++) {
                for (int c = 0; c < shape.width(); c++) {
                    int at = at(n, head, i, c, shape.queries());
                    int other = at(n, head, j, c, shape.keys());
                    weights[j] += shape.scale() * of.query.applyAsDouble(at) * of.key.applyAsDouble(other);
                    slopes[j] += of.gradient.applyAsDouble(at) * of.value.applyAsDouble(other);
                }
                weights[j] += of.bias.applyAsDouble((n * shape.queries() + i) * shape.keys() + j);
                highest = Math.max(highest, weights[j]);
            }
            double sum = 0;
            for (int j = 0; j < seen; j++) {
                weights[j] = Math.exp(weights[j] - highest);
                sum += weights[j];
            }
            double mean = 0;
            for (int j = 0; j < seen; j++) {
                weights[j] /= sum;
                mean += weights[j] * slopes[j];
            }
            for (int j = 0; j < seen; j++) {
                double score = shape.scale() * weights[j] * (slopes[j] - mean);
                for (int c = 0; c < shape.width(); c++) {
                    int at = at(n, head, i, c, shape.queries());
                    int other = at(n, head, j, c, shape.keys());
                    query[at] += score * of.key.applyAsDouble(other);
                    key[other] += score * of.query.applyAsDouble(at);
                    value[other] += weights[j] * of.gradient.applyAsDouble(at);
                }
            }
        }

        private int at(int n, int head, int row, int column, int rows) {
            return ((n * rows + row) * shape.heads() + head) * shape.width() + column;
        }
    }

    /** What is read, by an element's place in dense rows. */
    private record Operands(
            IntToDoubleFunction query,
            IntToDoubleFunction key,
            IntToDoubleFunction value,
            IntToDoubleFunction gradient,
            IntToDoubleFunction bias) {}

    private static Shape shape(int batch, int heads, int queries, int keys, int width, boolean causal) {
        return new Shape(batch, heads, queries, keys, width, (float) (1 / Math.sqrt(width)), causal);
    }

    /** How operands lie. */
    private enum Layout {
        DENSE,
        /** Queries, keys and values side by side in rows of one projection, and their gradients likewise. */
        PACKED,
        /** No address is a multiple of 16. */
        SHIFTED
    }

    private enum Masking {
        NONE,
        /** One row for all queries of an image, as a text's mask. */
        SHARED,
        EACH,
        /** As {@code EACH}, float32 whatever the operands. */
        FLOATS
    }

    /** One operand of {@code rows} rows an image: part {@code part} of three where packed. */
    private record Part(Gpu.Numbers numbers, int rows, int columns, int offset, int stride) {
        Rows inMemory() {
            return new Rows(numbers.address(offset), (long) rows * stride, stride);
        }

        double value(double[] values, int i) {
            return values[i / columns * stride + offset + i % columns];
        }

        double value(int i) {
            return value(numbers.values, i);
        }
    }

    private static void check(Elements elements, Shape shape, Layout layout, Masking masking) {
        try (Gpu gpu = Gpu.open()) {
            int columns = shape.heads() * shape.width();
            Part[] read = new Part[3];
            Part[] made = new Part[3];
            long shift = layout == Layout.SHIFTED ? 4 : 0;
            Gpu.Numbers packed = gpu.random(elements, 3L * shape.batch() * shape.queries() * columns, 1);
            Gpu.Numbers packedResult = gpu.result(elements, packed.values.length);
            for (int i = 0; i < 3; i++) {
                int rows = i == 0 ? shape.queries() : shape.keys();
                long count = (long) shape.batch() * rows * columns;
                boolean together = layout == Layout.PACKED;
                int stride = together ? 3 * columns : columns;
                int offset = together ? i * columns : 0;
                Gpu.Numbers numbers = together ? packed : gpu.random(elements, count, 2 + i, shift);
                read[i] = new Part(numbers, rows, columns, offset, stride);
                made[i] =
                        new Part(together ? packedResult : gpu.result(elements, count), rows, columns, offset, stride);
            }
            Part gradient = new Part(
                    gpu.random(elements, (long) shape.batch() * shape.queries() * columns, 7, shift),
                    shape.queries(),
                    columns,
                    0,
                    columns);
            Elements biasElements = masking == Masking.FLOATS ? Elements.F32 : elements;
            int biasRows = masking == Masking.SHARED ? 1 : shape.queries();
            Gpu.Numbers bias = gpu.random(biasElements, (long) shape.batch() * biasRows * shape.keys(), 8);
            Launch launch = AttentionBackwardKernel.launch(
                    gpu.kernels,
                    gpu.arena,
                    elements,
                    shape,
                    read[0].inMemory(),
                    read[1].inMemory(),
                    read[2].inMemory(),
                    masking == Masking.NONE
                            ? null
                            : new Bias(
                                    bias.address(),
                                    biasElements,
                                    (long) biasRows * shape.keys(),
                                    biasRows == 1 ? 0 : shape.keys()),
                    gradient.inMemory(),
                    made[0].inMemory(),
                    new Context(made[1].inMemory(), made[2].inMemory()),
                    gpu.workspace(AttentionBackwardKernel.workspaceBytes(gpu.device, elements, shape, true)));
            gpu.run(launch);
            Reference right = Reference.of(
                    shape, new Operands(read[0]::value, read[1]::value, read[2]::value, gradient::value, i -> {
                        int query = i / shape.keys();
                        int row = masking == Masking.SHARED ? query / shape.queries() : query;
                        return masking == Masking.NONE ? 0 : bias.values[row * shape.keys() + i % shape.keys()];
                    }));
            String what = "attention backward of " + shape.batch() + "x" + shape.heads() + " heads of " + shape.width()
                    + ", " + shape.queries() + " to " + shape.keys() + (shape.causal() ? " causal" : "") + ", " + layout
                    + ", bias " + masking + ", " + launch.kernels() + " kernels";
            double[][] expected = {right.query, right.key, right.value};
            String[] names = {": queries", ": keys", ": values"};
            double[][] first = new double[3][];
            for (int i = 0; i < 3; i++) {
                Part part = made[i];
                double[] now = part.numbers.now();
                first[i] = now;
                double[] rows = new double[expected[i].length];
                Arrays.setAll(rows, k -> part.value(now, k));
                assertClose(what + names[i], elements, rows, expected[i]);
            }
            gpu.run(launch);
            for (int i = 0; i < 3; i++) {
                assertThat(made[i].numbers.now()).as("the same gradients again").isEqualTo(first[i]);
            }
        }
    }

    /** Of one key alone, or one seen alone, gradients to scores are zero: then what is left of them is measured against 1. */
    private static void assertClose(String what, Elements elements, double[] reached, double[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < reached.length; i++) {
            difference += (reached[i] - expected[i]) * (reached[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        double relative = Math.sqrt(difference / (size > 1e-20 * reached.length ? size : reached.length));
        double limit = Gpu.limit(elements);
        System.out.printf("%s, %s: %.1e (limit %.0e)%n", what, elements, relative, limit);
        assertThat(relative).as(what).isLessThanOrEqualTo(limit);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void everyHeadWidthEqualsTheFormula(Elements elements) {
        for (int width : new int[] {1, 8, 16, 24, 32, 48, 64, 80, 96, 128}) {
            check(elements, shape(1, 2, 37, 41, width, false), Layout.DENSE, Masking.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void severalTilesBothWaysEqualTheFormula(Elements elements) {
        check(elements, shape(2, 2, 150, 205, 16, false), Layout.DENSE, Masking.NONE);
        check(elements, shape(1, 1, 205, 150, 80, false), Layout.DENSE, Masking.EACH);
        check(elements, shape(1, 3, 130, 77, 32, false), Layout.DENSE, Masking.SHARED);
        check(elements, shape(2, 2, 65, 33, 48, false), Layout.DENSE, Masking.FLOATS);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void causalAttentionEqualsTheFormula(Elements elements) {
        check(elements, shape(1, 2, 150, 150, 64, true), Layout.PACKED, Masking.NONE);
        check(elements, shape(2, 2, 9, 9, 64, true), Layout.DENSE, Masking.SHARED);
        check(elements, shape(1, 2, 20, 90, 32, true), Layout.DENSE, Masking.NONE);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void packedProjectionsAndTheirGradientsEqualTheFormula(Elements elements) {
        check(elements, shape(2, 3, 70, 70, 32, false), Layout.PACKED, Masking.NONE);
        check(elements, shape(1, 2, 33, 33, 20, false), Layout.PACKED, Masking.NONE);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void fewKeysAreSharedOutByRangesOfQueries(Elements elements) {
        check(elements, shape(1, 2, 1000, 8, 16, false), Layout.DENSE, Masking.NONE);
        check(elements, shape(2, 1, 400, 13, 80, false), Layout.DENSE, Masking.SHARED);
        check(elements, shape(1, 1, 300, 50, 25, false), Layout.DENSE, Masking.EACH);
        check(elements, shape(1, 1, 300, 300, 32, true), Layout.DENSE, Masking.NONE);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void oneOfEitherEqualsTheFormula(Elements elements) {
        check(elements, shape(2, 3, 1, 33, 64, true), Layout.DENSE, Masking.NONE);
        check(elements, shape(2, 2, 50, 1, 32, false), Layout.DENSE, Masking.EACH);
        check(elements, shape(1, 1, 1, 1, 16, false), Layout.DENSE, Masking.NONE);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void addressesThatAreNotAlignedEqualTheFormula(Elements elements) {
        check(elements, shape(1, 2, 37, 41, 32, false), Layout.SHIFTED, Masking.NONE);
        check(elements, shape(1, 1, 300, 8, 17, false), Layout.SHIFTED, Masking.NONE);
    }

    @ParameterizedTest
    @EnumSource(Elements.class)
    void theMostKeysEqualTheFormula(Elements elements) {
        check(elements, shape(1, 1, 40, AttentionKernel.MOST_KEYS, 16, false), Layout.DENSE, Masking.NONE);
    }

    private static Launch launch(
            Gpu gpu, Gpu.Numbers x, @Nullable Context context, @Nullable Bias bias, long workspace) {
        Shape shape = shape(1, 1, 40, 40, 16, false);
        Rows rows = new Rows(x.address(), 640, 16);
        return AttentionBackwardKernel.launch(
                gpu.kernels, gpu.arena, Elements.F16, shape, rows, rows, rows, bias, rows, rows, context, workspace);
    }

    @Test
    void withoutAContextOneKernelRuns() {
        try (Gpu gpu = Gpu.open()) {
            Gpu.Numbers x = gpu.random(Elements.F16, 640, 1);
            Rows rows = new Rows(x.address(), 640, 16);
            long workspace = gpu.workspace(1 << 16);
            assertThat(launch(gpu, x, null, null, workspace).kernels()).isEqualTo(1);
            assertThat(launch(gpu, x, new Context(rows, rows), null, workspace).kernels())
                    .isEqualTo(2);
        }
    }

    @Test
    void whatTheKernelsCannotDoIsRefused() {
        try (Gpu gpu = Gpu.open()) {
            Gpu.Numbers x = gpu.random(Elements.F16, 640, 1);
            long workspace = gpu.workspace(1 << 16);
            assertThatThrownBy(() -> launch(gpu, x, null, null, workspace + 8))
                    .hasMessageEndingWith("which is no multiple of 16");
            assertThatThrownBy(() -> launch(gpu, x, null, new Bias(x.address(), Elements.BF16, 0, 0), workspace))
                    .hasMessage("a bias of BF16 for F16");
        }
    }
}
