package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.Matmul;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.Softmax;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attention as product, softmax, product. Heads are strides, not copies. Scores are float32 and never whole: a tile of queries at a
 * time goes through all three steps while its scores are in the cache.
 */
final class Attentions {
    /** Bytes of scores in flight; more does not stay in a core's share of the cache. */
    private static final long TILE_BYTES = 4 << 20;

    private final Lowering lowering;
    private final Arena arena;
    private @Nullable MemorySegment scores;

    Attentions(Lowering lowering, Arena arena) {
        this.lowering = lowering;
        this.arena = arena;
    }

    void attention(Op.Attention op, Value result) {
        long rows = op.query().shape().extent(0);
        long queries = op.query().shape().extent(1);
        long keys = op.key().shape().extent(1);
        List<Bias> biases = biases(op);
        long rowBytes = op.heads() * keys * Float.BYTES;
        long tile = Math.max(1, Math.min(queries, TILE_BYTES / rowBytes));
        for (long row = 0; row < rows; row++) {
            for (long first = 0; first < queries; first += tile) {
                new Tile(op, result, biases, row, first, Math.min(tile, queries - first)).lower();
            }
        }
    }

    /** Something added to the scores: {@code [N, L, S]}, where the first two extents may be 1. */
    private record Bias(MemorySegment data, DataType type, long rows, long queries, long keys) {
        MemoryDescriptor descriptor(long tile) {
            return MemoryDescriptor.plain(type, 1, 1, queries == 1 ? 1 : tile, keys);
        }

        MemorySegment at(long row, long query) {
            long start = ((rows == 1 ? 0 : row) * queries + (queries == 1 ? 0 : query)) * keys;
            return data.asSlice(start * type.bytes());
        }
    }

    private List<Bias> biases(Op.Attention op) {
        List<Bias> biases = new ArrayList<>();
        Value given = op.bias();
        if (given != null) {
            biases.add(new Bias(
                    lowering.data(given),
                    lowering.precision(),
                    given.shape().extent(0),
                    given.shape().extent(1),
                    given.shape().extent(2)));
        }
        if (op.causal()) {
            long length = op.query().shape().extent(1);
            biases.add(new Bias(future(length), DataType.F32, 1, length, length));
        }
        return biases;
    }

    /** Minus infinity where a key comes after the query. */
    private MemorySegment future(long length) {
        MemorySegment mask = arena.allocate(length * length * Float.BYTES, MemoryPlan.ALIGNMENT);
        for (long query = 0; query < length; query++) {
            for (long key = query + 1; key < length; key++) {
                mask.setAtIndex(ValueLayout.JAVA_FLOAT, query * length + key, Float.NEGATIVE_INFINITY);
            }
        }
        return mask;
    }

    private MemorySegment scores(long bytes) {
        MemorySegment room = scores;
        if (room == null || room.byteSize() < bytes) {
            room = arena.allocate(bytes, MemoryPlan.ALIGNMENT);
            scores = room;
        }
        return room;
    }

    /** Some consecutive queries of one row of the batch, all heads. */
    private final class Tile {
        private final Op.Attention op;
        private final Value result;
        private final List<Bias> biases;
        private final long row;
        private final long first;
        private final long count;
        private final long heads;
        private final long width;
        private final long keys;

        Tile(Op.Attention op, Value result, List<Bias> biases, long row, long first, long count) {
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
            MemorySegment room = scores(2 * elements * Float.BYTES);
            DnnlMemory tile = lowering.program().memory(scoresDescriptor(DataType.F32), room);
            boolean inPlace = lowering.precision() == DataType.F32;
            DnnlMemory probabilities = inPlace
                    ? tile
                    : lowering.program()
                            .memory(scoresDescriptor(lowering.precision()), room.asSlice(elements * Float.BYTES));
            lowerScores(tile);
            lowerSoftmax(tile, probabilities);
            lowerMixture(probabilities);
        }

        private void lowerScores(DnnlMemory tile) {
            Map<Argument, DnnlMemory> arguments = new HashMap<>();
            List<PostOp> postOps = new ArrayList<>();
            List<MemoryDescriptor> operands = new ArrayList<>();
            Primitive primitive;
            try (MemoryDescriptor queries = headsDescriptor(count);
                    MemoryDescriptor transposed = transposedHeads();
                    MemoryDescriptor scores = scoresDescriptor(DataType.F32)) {
                postOps.add(new PostOp.Eltwise(EltwiseAlgorithm.LINEAR, op.scale(), 0));
                for (Bias bias : biases) {
                    MemoryDescriptor operand = bias.descriptor(count);
                    operands.add(operand);
                    arguments.put(
                            Argument.postOpOperand(postOps.size()),
                            lowering.program().memory(bias.descriptor(count), bias.at(row, first)));
                    postOps.add(new PostOp.Binary(BinaryAlgorithm.ADD, operand));
                }
                primitive = Matmul.create(
                        lowering.target().engine(),
                        queries,
                        transposed,
                        null,
                        scores,
                        PrimitiveAttributes.of(postOps.toArray(PostOp[]::new)));
            } finally {
                operands.forEach(MemoryDescriptor::close);
            }
            arguments.put(Argument.SRC, lowering.program().memory(headsDescriptor(count), from(op.query(), first)));
            arguments.put(Argument.WEIGHTS, lowering.program().memory(transposedHeads(), from(op.key(), 0)));
            arguments.put(Argument.DST, tile);
            lowering.program().then(primitive, arguments);
        }

        private void lowerSoftmax(DnnlMemory tile, DnnlMemory probabilities) {
            Primitive primitive;
            try (MemoryDescriptor scores = scoresDescriptor(DataType.F32);
                    MemoryDescriptor shares = scoresDescriptor(lowering.precision())) {
                primitive = Softmax.create(lowering.target().engine(), scores, shares, 3, PrimitiveAttributes.PLAIN);
            }
            lowering.program().then(primitive, Map.of(Argument.SRC, tile, Argument.DST, probabilities));
        }

        private void lowerMixture(DnnlMemory probabilities) {
            Primitive primitive;
            try (MemoryDescriptor shares = scoresDescriptor(lowering.precision());
                    MemoryDescriptor values = headsDescriptor(keys);
                    MemoryDescriptor mixed = headsDescriptor(count)) {
                primitive = Matmul.create(
                        lowering.target().engine(), shares, values, null, mixed, PrimitiveAttributes.PLAIN);
            }
            lowering.program()
                    .then(
                            primitive,
                            Map.of(
                                    Argument.SRC,
                                    probabilities,
                                    Argument.WEIGHTS,
                                    lowering.program().memory(headsDescriptor(keys), from(op.value(), 0)),
                                    Argument.DST,
                                    lowering.program().memory(headsDescriptor(count), from(result, first))));
        }

        /** {@code [1, heads, queries, keys]}. */
        private MemoryDescriptor scoresDescriptor(DataType type) {
            return MemoryDescriptor.plain(type, 1, heads, count, keys);
        }

        /** {@code [length, C]} as it lies, seen as {@code [1, heads, length, width]}. */
        private MemoryDescriptor headsDescriptor(long length) {
            long channels = heads * width;
            return MemoryDescriptor.strided(lowering.precision(), new long[] {1, heads, length, width}, new long[] {
                length * channels, width, channels, 1
            });
        }

        /** The keys seen as {@code [1, heads, width, keys]}. */
        private MemoryDescriptor transposedHeads() {
            long channels = heads * width;
            return MemoryDescriptor.strided(lowering.precision(), new long[] {1, heads, width, keys}, new long[] {
                keys * channels, width, 1, channels
            });
        }

        private MemorySegment from(Value value, long position) {
            long length = value.shape().extent(1);
            long offset = (row * length + position) * heads * width;
            return lowering.data(value).asSlice(offset * lowering.precision().bytes());
        }
    }
}
