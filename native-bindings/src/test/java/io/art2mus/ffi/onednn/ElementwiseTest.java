package io.art2mus.ffi.onednn;

import static io.art2mus.ffi.onednn.MemoryDescriptor.channelsLast;
import static io.art2mus.ffi.onednn.MemoryDescriptor.plain;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementwiseTest {
    private static final int COUNT = 257;
    private static final float ALPHA = 0.1f;
    private static final float BETA = 2f;

    @ParameterizedTest
    @EnumSource
    void eltwiseEqualsItsFormula(EltwiseAlgorithm algorithm) {
        float[] x = Workbench.random(DataType.F32, COUNT, 1);
        DoubleUnaryOperator formula = formula(algorithm);
        double[] expected = IntStream.range(0, COUNT)
                .mapToDouble(i -> formula.applyAsDouble(x[i]))
                .toArray();
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor vector = plain(DataType.F32, COUNT);
            MemorySegment data = bench.buffer(DataType.F32, x);
            Primitive eltwise =
                    new Eltwise(algorithm, vector, vector, ALPHA, BETA, PrimitiveAttributes.PLAIN).create(bench.engine);
            DnnlMemory memory = bench.memory(vector, data);
            bench.run(eltwise, Map.of(Argument.SRC, memory, Argument.DST, memory));
            Workbench.assertClose(
                    eltwise + " by " + eltwise.implementation(),
                    Workbench.values(DataType.F32, data, COUNT),
                    expected,
                    1e-5);
        }
    }

    /** A row {@code [1, C]} onto every position, as a bias or a time embedding is. */
    @ParameterizedTest
    @EnumSource
    void binaryBroadcastsTheSecondOperandOverPositions(BinaryAlgorithm algorithm) {
        int channels = 19;
        int positions = 7;
        float[] x = Workbench.random(DataType.F32, positions * channels, 1);
        float[] y = Workbench.random(DataType.F32, channels, 2);
        double[] expected = new double[x.length];
        for (int i = 0; i < expected.length; i++) {
            double other = y[i % channels];
            expected[i] = switch (algorithm) {
                case ADD -> x[i] + other;
                case MUL -> x[i] * other;
                case SUB -> x[i] - other;
            };
        }
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor first = channelsLast(DataType.F32, 1, channels, positions, 1);
            MemoryDescriptor second = channelsLast(DataType.F32, 1, channels, 1, 1);
            Primitive binary =
                    new Binary(algorithm, first, second, first, PrimitiveAttributes.PLAIN).create(bench.engine);
            MemorySegment data = bench.buffer(DataType.F32, x);
            DnnlMemory memory = bench.memory(first, data);
            bench.run(
                    binary,
                    Map.of(
                            Argument.SRC, memory,
                            Argument.SRC_1, bench.memory(second, bench.buffer(DataType.F32, y)),
                            Argument.DST, memory));
            Workbench.assertClose(
                    binary + " by " + binary.implementation(),
                    Workbench.values(DataType.F32, data, x.length),
                    expected,
                    1e-6);
        }
    }

    @Test
    void bf16BinaryWithFloatOperandRoundsOnce() {
        float[] x = Workbench.random(DataType.BF16, COUNT, 1);
        float[] y = Workbench.random(DataType.F32, COUNT, 2);
        double[] expected =
                IntStream.range(0, COUNT).mapToDouble(i -> x[i] + y[i]).toArray();
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor first = plain(DataType.BF16, COUNT);
            MemoryDescriptor second = plain(DataType.F32, COUNT);
            Primitive binary = new Binary(BinaryAlgorithm.ADD, first, second, first, PrimitiveAttributes.PLAIN)
                    .create(bench.engine);
            MemorySegment data = bench.buffer(DataType.BF16, x);
            DnnlMemory memory = bench.memory(first, data);
            bench.run(
                    binary,
                    Map.of(
                            Argument.SRC, memory,
                            Argument.SRC_1, bench.memory(second, bench.buffer(DataType.F32, y)),
                            Argument.DST, memory));
            Workbench.assertClose(
                    binary + " by " + binary.implementation(),
                    Workbench.values(DataType.BF16, data, COUNT),
                    expected,
                    4e-3);
        }
    }

    private static DoubleUnaryOperator formula(EltwiseAlgorithm algorithm) {
        return switch (algorithm) {
            case GELU_ERF -> x -> x * (1 + erf(x / Math.sqrt(2))) / 2;
            case GELU_TANH -> x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
            case LINEAR -> x -> ALPHA * x + BETA;
            case SQUARE -> x -> x * x;
            case RELU -> x -> x > 0 ? x : ALPHA * x;
            case SWISH -> x -> x / (1 + Math.exp(-ALPHA * x));
            case TANH -> Math::tanh;
        };
    }

    /** The Maclaurin series, exact enough for the few standard deviations that the test draws. */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
