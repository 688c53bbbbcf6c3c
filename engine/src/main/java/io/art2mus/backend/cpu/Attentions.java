package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.Matmul;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.Softmax;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attention as product, softmax, product. Heads are strides, not copies. Scores are float32 and never whole: a tile of queries at a
 * time goes through all three steps while its scores are in the cache.
 */
final class Attentions {
    /** Bytes of scores in flight; more does not stay in a core's share of the cache. */
    private static final long TILE_BYTES = 4 << 20;

    private final Lowering lowering;
    private final Room scores;

    Attentions(Lowering lowering) {
        this.lowering = lowering;
        scores = lowering.room();
    }

    void attention(Op.Attention op, Value result) {
        long rows = op.query().shape().extent(0);
        long queries = op.query().shape().extent(1);
        long keys = op.key().shape().extent(1);
        List<AttentionBias> biases = AttentionBias.of(lowering, op);
        long rowBytes = op.heads() * keys * Float.BYTES;
        long tile = Math.max(1, Math.min(queries, TILE_BYTES / rowBytes));
        for (long row = 0; row < rows; row++) {
            for (long first = 0; first < queries; first += tile) {
                new Tile(op, result, biases, row, first, Math.min(tile, queries - first)).lower();
            }
        }
    }

    /** Some consecutive queries of one row of the batch, all heads. */
    private final class Tile {
        private final Program program = lowering.program();
        private final Op.Attention op;
        private final Value result;
        private final List<AttentionBias> biases;
        private final long row;
        private final long first;
        private final long count;
        private final long heads;
        private final long width;
        private final long keys;

        Tile(Op.Attention op, Value result, List<AttentionBias> biases, long row, long first, long count) {
            this.op = op;
            this.result = result;
            this.biases = biases;
            this.row = row;
            this.first = first;
            this.count = count;
            heads = op.heads();
            width = op.query().shape().last() / heads;
            keys = op.key().shape().extent(1);
        }

        void lower() {
            long elements = heads * count * keys;
            MemorySegment room = scores.of(2 * elements * Float.BYTES);
            Operand tile = scores(DataType.F32, room);
            boolean inPlace = lowering.precision() == DataType.F32;
            Operand probabilities = inPlace ? tile : scores(lowering.precision(), room.asSlice(elements * Float.BYTES));
            lowerScores(tile);
            lowerSoftmax(tile, probabilities);
            lowerMixture(probabilities);
        }

        private void lowerScores(Operand tile) {
            Operand queries = heads(count, from(op.query(), first));
            Operand transposed = transposedHeads(from(op.key(), 0));
            Map<Argument, Operand> arguments = new HashMap<>();
            List<PostOp> postOps = new ArrayList<>();
            postOps.add(new PostOp.Eltwise(EltwiseAlgorithm.LINEAR, op.scale(), 0));
            for (AttentionBias bias : biases) {
                Operand operand = program.operand(bias.descriptor(program.layouts(), count), bias.at(row, first));
                arguments.put(Argument.postOpOperand(postOps.size()), operand);
                postOps.add(new PostOp.Binary(BinaryAlgorithm.ADD, operand.descriptor()));
            }
            arguments.put(Argument.SRC, queries);
            arguments.put(Argument.WEIGHTS, transposed);
            arguments.put(Argument.DST, tile);
            PrimitiveAttributes attributes = PrimitiveAttributes.of(postOps.toArray(PostOp[]::new));
            program.then(product(queries, transposed, tile, attributes), arguments);
        }

        private void lowerSoftmax(Operand tile, Operand probabilities) {
            Primitive primitive = program.primitive(
                    new Softmax(tile.descriptor(), probabilities.descriptor(), 3, PrimitiveAttributes.PLAIN));
            program.then(primitive, Map.of(Argument.SRC, tile, Argument.DST, probabilities));
        }

        private void lowerMixture(Operand probabilities) {
            Operand values = heads(keys, from(op.value(), 0));
            Operand mixed = heads(count, from(result, first));
            program.then(
                    product(probabilities, values, mixed, PrimitiveAttributes.PLAIN),
                    Map.of(Argument.SRC, probabilities, Argument.WEIGHTS, values, Argument.DST, mixed));
        }

        private Primitive product(Operand left, Operand right, Operand made, PrimitiveAttributes attributes) {
            return program.primitive(
                    new Matmul(left.descriptor(), right.descriptor(), null, made.descriptor(), attributes));
        }

        /** {@code [1, heads, queries, keys]}. */
        private Operand scores(DataType type, MemorySegment data) {
            return program.operand(program.layouts().plain(type, 1, heads, count, keys), data);
        }

        /** {@code [length, C]} as it lies, seen as {@code [1, heads, length, width]}. */
        private Operand heads(long length, MemorySegment data) {
            long channels = heads * width;
            return strided(
                    new long[] {1, heads, length, width}, new long[] {length * channels, width, channels, 1}, data);
        }

        /** The keys seen as {@code [1, heads, width, keys]}. */
        private Operand transposedHeads(MemorySegment data) {
            long channels = heads * width;
            return strided(new long[] {1, heads, width, keys}, new long[] {keys * channels, width, 1, channels}, data);
        }

        private Operand strided(long[] dims, long[] strides, MemorySegment data) {
            return program.operand(program.layouts().strided(lowering.precision(), dims, strides), data);
        }

        private MemorySegment from(Value value, long position) {
            long length = value.shape().extent(1);
            long offset = (row * length + position) * heads * width;
            return lowering.data(value).asSlice(offset * lowering.precision().bytes());
        }
    }
}
