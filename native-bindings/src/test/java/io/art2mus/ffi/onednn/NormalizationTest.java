package io.art2mus.ffi.onednn;

import static io.art2mus.ffi.onednn.MemoryDescriptor.channelsLast;
import static io.art2mus.ffi.onednn.MemoryDescriptor.plain;
import static io.art2mus.ffi.onednn.MemoryDescriptor.strided;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NormalizationTest {
    private static final float EPSILON = 1e-5f;

    @ParameterizedTest
    @CsvSource({
        "F32, 32, 32, 5, 3",
        "F32, 6, 3, 7, 1",
        "F32, 96, 32, 17, 13",
        "BF16, 6, 3, 7, 1",
        "BF16, 96, 32, 17, 13"
    })
    void groupNormalizationWithSwishEqualsPlainJava(DataType type, int channels, int groups, int height, int width) {
        int n = 2;
        int positions = height * width;
        float[] x = Workbench.random(type, n * positions * channels, 1);
        float[] scale = Workbench.random(DataType.F32, channels, 2);
        float[] shift = Workbench.random(DataType.F32, channels, 3);
        double[] expected = new double[x.length];
        int size = channels / groups;
        for (int item = 0; item < n; item++) {
            for (int group = 0; group < groups; group++) {
                int[] members = new int[positions * size];
                for (int i = 0; i < members.length; i++) {
                    members[i] = (item * positions + i / size) * channels + group * size + i % size;
                }
                normalise(x, members, expected);
            }
        }
        for (int i = 0; i < expected.length; i++) {
            double y = expected[i] * scale[i % channels] + shift[i % channels];
            expected[i] = y / (1 + Math.exp(-y));
        }
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor activations = bench.own(channelsLast(type, n, channels, height, width));
            Primitive normalization = new GroupNormalization(
                            activations,
                            activations,
                            groups,
                            EPSILON,
                            PrimitiveAttributes.of(new PostOp.Eltwise(EltwiseAlgorithm.SWISH, 1, 0)))
                    .create(bench.engine);
            runAffine(bench, normalization, type, activations, x, scale, shift, expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, 1, 7", "F32, 13, 320", "F32, 3, 257", "BF16, 1, 7", "BF16, 13, 320"})
    void layerNormalizationEqualsPlainJava(DataType type, int rows, int channels) {
        float[] x = Workbench.random(type, 2 * rows * channels, 1);
        float[] scale = Workbench.random(DataType.F32, channels, 2);
        float[] shift = Workbench.random(DataType.F32, channels, 3);
        double[] expected = new double[x.length];
        for (int row = 0; row < 2 * rows; row++) {
            int[] members = new int[channels];
            for (int c = 0; c < channels; c++) {
                members[c] = row * channels + c;
            }
            normalise(x, members, expected);
        }
        for (int i = 0; i < expected.length; i++) {
            expected[i] = expected[i] * scale[i % channels] + shift[i % channels];
        }
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor activations = bench.own(plain(type, 2, rows, channels));
            Primitive normalization = new LayerNormalization(
                            activations, activations, EPSILON, PrimitiveAttributes.PLAIN)
                    .create(bench.engine);
            runAffine(bench, normalization, type, activations, x, scale, shift, expected);
        }
    }

    /** Rows of 13 with three unused elements between them, as where scores are padded to a multiple of 16. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void softmaxOverStridedRowsEqualsPlainJava(DataType type) {
        int rows = 7;
        int columns = 13;
        int pitch = 16;
        float[] x = Workbench.random(type, rows * pitch, 1);
        double[] expected = new double[rows * pitch];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = 0; i < columns; i++) {
                sum += Math.exp(x[row * pitch + i]);
            }
            for (int i = 0; i < pitch; i++) {
                float untouched = x[row * pitch + i];
                expected[row * pitch + i] = i < columns ? Math.exp(untouched) / sum : untouched;
            }
        }
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor scores = strided(type, new long[] {rows, columns}, new long[] {pitch, 1});
            Primitive softmax = new Softmax(scores, scores, 1, PrimitiveAttributes.PLAIN).create(bench.engine);
            MemorySegment data = bench.buffer(type, x);
            DnnlMemory memory = bench.memory(scores, data);
            bench.run(softmax, Map.of(Argument.SRC, memory, Argument.DST, memory));
            Workbench.assertClose(
                    "strided " + softmax + " by " + softmax.implementation(),
                    Workbench.values(type, data, expected.length),
                    expected,
                    Workbench.limit(type));
        }
    }

    private static void normalise(float[] x, int[] members, double[] normalised) {
        double mean = 0;
        for (int i : members) {
            mean += x[i] / (double) members.length;
        }
        double variance = 0;
        for (int i : members) {
            variance += Math.pow(x[i] - mean, 2) / members.length;
        }
        for (int i : members) {
            normalised[i] = (x[i] - mean) / Math.sqrt(variance + EPSILON);
        }
    }

    private static void runAffine(
            Workbench bench,
            Primitive normalization,
            DataType type,
            MemoryDescriptor activations,
            float[] x,
            float[] scale,
            float[] shift,
            double[] expected) {
        MemorySegment result = bench.buffer(activations.bytes());
        bench.run(
                normalization,
                Map.of(
                        Argument.SRC, bench.memory(activations, bench.buffer(type, x)),
                        Argument.SCALE,
                                bench.memory(plain(DataType.F32, scale.length), bench.buffer(DataType.F32, scale)),
                        Argument.SHIFT,
                                bench.memory(plain(DataType.F32, shift.length), bench.buffer(DataType.F32, shift)),
                        Argument.DST, bench.memory(activations, result)));
        Workbench.assertClose(
                normalization + " by " + normalization.implementation(),
                Workbench.values(type, result, expected.length),
                expected,
                Workbench.limit(type));
    }
}
