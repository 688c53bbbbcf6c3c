package io.art2mus.ffi.onednn;

import static io.art2mus.ffi.onednn.MemoryDescriptor.any;
import static io.art2mus.ffi.onednn.MemoryDescriptor.plain;
import static io.art2mus.ffi.onednn.MemoryDescriptor.strided;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MatmulTest {
    @ParameterizedTest
    @CsvSource({
        "F32, 1, 1, 1, 1", "F32, 1, 7, 13, 31", "F32, 3, 17, 257, 1", "F32, 2, 64, 100, 320",
        "BF16, 1, 1, 1, 1", "BF16, 1, 7, 13, 31", "BF16, 3, 17, 257, 1", "BF16, 2, 64, 100, 320"
    })
    void matmulWithBiasAndPackedWeightsEqualsPlainJava(DataType type, int batch, int m, int k, int n) {
        float[] x = Workbench.random(type, batch * m * k, 1);
        float[] w = Workbench.random(type, k * n, 2);
        float[] b = Workbench.random(type, n, 3);
        double[] expected = new double[batch * m * n];
        for (int row = 0; row < batch * m; row++) {
            for (int column = 0; column < n; column++) {
                double sum = b[column];
                for (int i = 0; i < k; i++) {
                    sum += (double) x[row * k + i] * w[i * n + column];
                }
                expected[row * n + column] = sum;
            }
        }
        try (Workbench bench = new Workbench()) {
            DnnlMemory src = bench.memory(plain(type, batch, m, k), bench.buffer(type, x));
            MemoryDescriptor plainWeights = plain(type, 1, k, n);
            DnnlMemory weights = bench.memory(plainWeights, bench.buffer(type, w));
            DnnlMemory bias = bench.memory(plain(type, 1, 1, n), bench.buffer(type, b));
            MemorySegment result = bench.buffer((long) expected.length * type.bytes());
            DnnlMemory dst = bench.memory(plain(type, batch, m, n), result);
            Primitive matmul = new Matmul(
                            bench.own(plain(type, batch, m, k)),
                            bench.own(any(type, 1, k, n)),
                            bench.own(plain(type, 1, 1, n)),
                            bench.own(plain(type, batch, m, n)),
                            PrimitiveAttributes.PLAIN)
                    .create(bench.engine);
            DnnlMemory packed = bench.packed(matmul, Argument.WEIGHTS, weights, plainWeights);
            bench.run(
                    matmul,
                    Map.of(Argument.SRC, src, Argument.WEIGHTS, packed, Argument.BIAS, bias, Argument.DST, dst));
            Workbench.assertClose(
                    matmul + " by " + matmul.implementation(),
                    Workbench.values(type, result, expected.length),
                    expected,
                    Workbench.limit(type));
        }
    }

    /** Heads are strides: {@code [N, heads, L, D]} views of {@code [N, L, heads·D]}, keys transposed by stride. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void attentionScoresOverHeadsAsStridesEqualPlainJava(DataType type) {
        int n = 2;
        int heads = 5;
        int queries = 19;
        int keys = 7;
        int width = 32;
        float[] q = Workbench.random(type, n * queries * heads * width, 4);
        float[] k = Workbench.random(type, n * keys * heads * width, 5);
        double[] expected = new double[n * heads * queries * keys];
        for (int i = 0; i < expected.length; i++) {
            int key = i % keys;
            int query = i / keys % queries;
            int head = i / keys / queries % heads;
            int item = i / keys / queries / heads;
            for (int d = 0; d < width; d++) {
                expected[i] += (double) q[((item * queries + query) * heads + head) * width + d]
                        * k[((item * keys + key) * heads + head) * width + d];
            }
        }
        long row = (long) heads * width;
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor src =
                    strided(type, new long[] {n, heads, queries, width}, new long[] {queries * row, width, row, 1});
            MemoryDescriptor weights =
                    strided(type, new long[] {n, heads, width, keys}, new long[] {keys * row, width, 1, row});
            MemoryDescriptor dst = plain(type, n, heads, queries, keys);
            Primitive matmul = new Matmul(src, weights, null, dst, PrimitiveAttributes.PLAIN).create(bench.engine);
            MemorySegment result = bench.buffer(dst.bytes());
            bench.run(
                    matmul,
                    Map.of(
                            Argument.SRC, bench.memory(src, bench.buffer(type, q)),
                            Argument.WEIGHTS, bench.memory(weights, bench.buffer(type, k)),
                            Argument.DST, bench.memory(dst, result)));
            Workbench.assertClose(
                    "strided " + matmul + " by " + matmul.implementation(),
                    Workbench.values(type, result, expected.length),
                    expected,
                    Workbench.limit(type));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void postOpsAreAppliedInOrder(DataType type) {
        int m = 11;
        int k = 23;
        int n = 37;
        float[] x = Workbench.random(type, m * k, 6);
        float[] w = Workbench.random(type, k * n, 7);
        float[] before = Workbench.random(type, m * n, 8);
        float[] gate = Workbench.random(type, n, 9);
        double[] expected = new double[m * n];
        for (int i = 0; i < expected.length; i++) {
            double sum = 0;
            for (int j = 0; j < k; j++) {
                sum += (double) x[i / n * k + j] * w[j * n + i % n];
            }
            expected[i] = (sum / (1 + Math.exp(-sum)) + before[i]) * gate[i % n];
        }
        try (Workbench bench = new Workbench()) {
            MemoryDescriptor operand = bench.own(plain(type, 1, n));
            MemoryDescriptor dst = bench.own(plain(type, m, n));
            PrimitiveAttributes attributes = PrimitiveAttributes.of(
                    new PostOp.Eltwise(EltwiseAlgorithm.SWISH, 1, 0),
                    new PostOp.Binary(BinaryAlgorithm.ADD, dst),
                    new PostOp.Binary(BinaryAlgorithm.MUL, operand));
            MemoryDescriptor src = plain(type, m, k);
            MemoryDescriptor weights = plain(type, k, n);
            Primitive matmul = new Matmul(src, weights, null, dst, attributes).create(bench.engine);
            MemorySegment result = bench.buffer(dst.bytes());
            bench.run(
                    matmul,
                    Map.of(
                            Argument.SRC,
                            bench.memory(src, bench.buffer(type, x)),
                            Argument.WEIGHTS,
                            bench.memory(weights, bench.buffer(type, w)),
                            Argument.postOpOperand(1),
                            bench.memory(dst, bench.buffer(type, before)),
                            Argument.postOpOperand(2),
                            bench.memory(operand, bench.buffer(type, gate)),
                            Argument.DST,
                            bench.memory(dst, result)));
            Workbench.assertClose(
                    "post-ops of " + matmul + " by " + matmul.implementation(),
                    Workbench.values(type, result, expected.length),
                    expected,
                    Workbench.limit(type));
        }
    }
}
