package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.Matmul;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.Softmax;
import io.art2mus.graph.Op;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gradients through attention: the scores are computed again, and then it is five products and a softmax' way back. As many heads at a
 * time as have their scores in the cache, all queries of each, so that no sum is left open.
 */
final class BackwardAttention {
    /** Bytes of scores in flight; more does not stay in the cores' shares of the cache. */
    private static final long TILE_BYTES = 4 << 20;

    private final Lowering lowering;
    private final Room scores;

    BackwardAttention(Lowering lowering) {
        this.lowering = lowering;
        scores = lowering.room();
    }

    void lower(TrainingOp.AttentionGradient op, Value result) {
        Op.Attention forward = op.forward();
        List<AttentionBias> biases = AttentionBias.of(lowering, forward);
        long headBytes =
                forward.query().shape().extent(1) * forward.key().shape().extent(1) * Float.BYTES;
        long heads = Math.max(1, Math.min(forward.heads(), TILE_BYTES / headBytes));
        for (long row = 0; row < forward.query().shape().extent(0); row++) {
            for (long first = 0; first < forward.heads(); first += heads) {
                new Heads(op, result, biases, row, first, Math.min(heads, forward.heads() - first)).lower();
            }
        }
    }

    /** Some heads of one row of the batch. */
    private final class Heads {
        private final Program program = lowering.program();
        private final TrainingOp.AttentionGradient op;
        private final Op.Attention forward;
        private final Value result;
        private final List<AttentionBias> biases;
        private final long row;
        private final long first;
        private final long count;
        private final long width;
        private final long queries;
        private final long keys;

        Heads(
                TrainingOp.AttentionGradient op,
                Value result,
                List<AttentionBias> biases,
                long row,
                long first,
                long count) {
            this.op = op;
            this.forward = op.forward();
            this.result = result;
            this.biases = biases;
            this.row = row;
            this.first = first;
            this.count = count;
            width = forward.query().shape().last() / forward.heads();
            queries = forward.query().shape().extent(1);
            keys = forward.key().shape().extent(1);
        }

        void lower() {
            long elements = count * queries * keys;
            boolean single = lowering.precision() == DataType.F32;
            MemorySegment room = scores.of((single ? 2 : 3) * elements * Float.BYTES);
            Operand weights = scores(DataType.F32, room);
            Operand gradients = scores(DataType.F32, room.asSlice(elements * Float.BYTES));
            MemorySegment halves = single ? room : room.asSlice(2 * elements * Float.BYTES);

            Operand query = heads(forward.query(), 0, queries);
            Operand key = heads(forward.key(), 0, keys);
            Operand value = heads(forward.value(), 0, keys);
            Operand gradient = heads(op.gradient(), 0, queries);
            lowerWeights(query, key, weights);
            multiply(gradient, transposed(value), gradients, PrimitiveAttributes.PLAIN);
            if (op.context()) {
                Operand rounded = rounded(weights, halves);
                multiply(transposed(rounded), gradient, heads(result, queries + keys, keys), PrimitiveAttributes.PLAIN);
            }
            program.then(
                    program.own(Softmax.backward(
                            lowering.target().engine(), weights.descriptor(), gradients.descriptor(), 3)),
                    Map.of(Argument.DST, weights, Argument.DIFF_DST, gradients, Argument.DIFF_SRC, gradients));
            Operand back = rounded(gradients, halves.asSlice(single ? 0 : elements * Short.BYTES));
            PrimitiveAttributes scaled =
                    PrimitiveAttributes.of(new PostOp.Eltwise(EltwiseAlgorithm.LINEAR, forward.scale(), 0));
            multiply(back, key, heads(result, 0, queries), scaled);
            if (op.context()) {
                multiply(transposed(back), query, heads(result, queries, keys), scaled);
            }
        }

        private void lowerWeights(Operand query, Operand key, Operand weights) {
            Map<Argument, Operand> arguments = new HashMap<>();
            List<PostOp> postOps = new ArrayList<>();
            postOps.add(new PostOp.Eltwise(EltwiseAlgorithm.LINEAR, forward.scale(), 0));
            for (AttentionBias bias : biases) {
                Operand operand = program.operand(bias.descriptor(program.layouts(), queries), bias.at(row, 0));
                arguments.put(Argument.postOpOperand(postOps.size()), operand);
                postOps.add(new PostOp.Binary(BinaryAlgorithm.ADD, operand.descriptor()));
            }
            multiply(
                    query, transposed(key), weights, PrimitiveAttributes.of(postOps.toArray(PostOp[]::new)), arguments);
            program.then(
                    program.primitive(
                            new Softmax(weights.descriptor(), weights.descriptor(), 3, PrimitiveAttributes.PLAIN)),
                    Map.of(Argument.SRC, weights, Argument.DST, weights));
        }

        private void multiply(Operand left, Operand right, Operand made, PrimitiveAttributes attributes) {
            multiply(left, right, made, attributes, Map.of());
        }

        private void multiply(
                Operand left,
                Operand right,
                Operand made,
                PrimitiveAttributes attributes,
                Map<Argument, Operand> further) {
            Map<Argument, Operand> arguments = new HashMap<>(further);
            arguments.put(Argument.SRC, left);
            arguments.put(Argument.WEIGHTS, right);
            arguments.put(Argument.DST, made);
            program.then(
                    program.primitive(
                            new Matmul(left.descriptor(), right.descriptor(), null, made.descriptor(), attributes)),
                    arguments);
        }

        /** In the plan's precision, as products take it. */
        private Operand rounded(Operand tile, MemorySegment halves) {
            if (lowering.precision() == DataType.F32) {
                return tile;
            }
            Operand rounded = scores(lowering.precision(), halves);
            program.thenCopy(tile, rounded);
            return rounded;
        }

        /** {@code [1, heads, queries, keys]}. */
        private Operand scores(DataType type, MemorySegment data) {
            return program.operand(program.layouts().plain(type, 1, count, queries, keys), data);
        }

        /** Some positions of {@code [N, positions, C]} as they lie, seen as {@code [1, heads, length, width]}. */
        private Operand heads(Value value, long position, long length) {
            long channels = value.shape().last();
            long start = (row * value.shape().extent(1) + position) * channels + first * width;
            MemoryDescriptor descriptor = program.layouts()
                    .strided(lowering.precision(), new long[] {1, count, length, width}, new long[] {
                        length * channels, width, channels, 1
                    });
            return program.operand(
                    descriptor,
                    lowering.data(value).asSlice(start * lowering.precision().bytes()));
        }

        /** The same bytes with the last two axes exchanged. */
        private Operand transposed(Operand operand) {
            long[] dims = operand.descriptor().dims();
            long[] strides = operand.descriptor().strides();
            MemoryDescriptor descriptor = program.layouts()
                    .strided(
                            operand.descriptor().dataType(),
                            new long[] {dims[0], dims[1], dims[3], dims[2]},
                            new long[] {strides[0], strides[1], strides[3], strides[2]});
            return program.operand(descriptor, operand.memory().data());
        }
    }
}
