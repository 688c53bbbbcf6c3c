package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Binary;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.Eltwise;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Group normalisation as passes over a picture: sums by products with ones, then one affine pass that takes functions with it. oneDNN's
 * own primitive reaches a small part of memory's rate where pictures are large.
 *
 * <p>A picture is taken in tiles of consecutive positions. What is summed is each element less its group's mean over a sample: as many
 * positions as a tile has, evenly spread. That mean lies within √(tiles) standard deviations of the whole group's, for the sample's
 * own part in the variance is no smaller; so a sum of squares loses at most log₂(tiles) bits, however large the mean is beside the
 * deviation.
 */
final class GroupNormPasses {
    /** A tile, and what is made of it, stay in the caches. */
    private static final long TILE_BYTES = 1 << 20;

    /** Bounds what the variance may lose: four bits. */
    private static final long MOST_TILES = 16;

    private final Room ones;
    private final Room moved;
    private final Room sums;
    private final Room coefficients;

    /** Takes {@code rooms} for what is needed during one normalisation only. */
    GroupNormPasses(Supplier<Room> rooms) {
        ones = rooms.get();
        moved = rooms.get();
        sums = rooms.get();
        coefficients = rooms.get();
    }

    /**
     * What is read and written.
     *
     * @param x the pictures, in the plan's precision
     * @param scale float32
     * @param shift float32
     * @param result may be {@code x}
     */
    record Data(MemorySegment x, MemorySegment scale, MemorySegment shift, MemorySegment result) {}

    /** Appends the normalisation of all pictures, one after the other. */
    void lower(Op.GroupNorm op, List<PostOp> after, Data data, Target target, Program program) {
        Shape shape = op.x().shape();
        Passes passes = new Passes(op, after, target, program);
        long bytes = shape.elements() / shape.extent(0) * target.precision().bytes();
        for (long picture = 0; picture < shape.extent(0); picture++) {
            MemorySegment from = data.x().asSlice(picture * bytes, bytes);
            passes.lower(from, data, data.result().asSlice(picture * bytes, bytes));
        }
    }

    /** The primitives for pictures of one shape. */
    private final class Passes {
        private final Op.GroupNorm op;
        private final Target target;
        private final Program program;
        private final DataType precision;
        private final long positions;
        private final long channels;
        private final long tileRows;
        private final int tiles;
        private final MemoryDescriptor perChannel;
        private final ColumnSums sample;
        private final long sampleRows;
        private final Tile full;
        private final Tile last;
        private final MemoryDescriptor picture;
        private final Primitive affine;

        Passes(Op.GroupNorm op, List<PostOp> after, Target target, Program program) {
            this.op = op;
            this.target = target;
            this.program = program;
            precision = target.precision();
            channels = op.x().shape().last();
            positions = op.x().shape().extent(1) * op.x().shape().extent(2);
            long bytes = positions * channels * precision.bytes();
            tileRows = Math.ceilDiv(positions, Math.clamp(bytes / TILE_BYTES, 1, MOST_TILES));
            tiles = Math.toIntExact(Math.ceilDiv(positions, tileRows));
            perChannel = program.own(MemoryDescriptor.channelsLast(DataType.F32, 1, channels, 1, 1));
            sampleRows = Math.ceilDiv(positions, tiles);
            sample = sums(sampleRows, tiles);
            full = new Tile(tileRows);
            long rest = positions % tileRows;
            last = rest == 0 ? full : new Tile(rest);
            picture = program.own(MemoryDescriptor.channelsLast(precision, 1, channels, positions, 1));
            List<PostOp> chain = new ArrayList<>();
            chain.add(new PostOp.Binary(BinaryAlgorithm.MUL, perChannel));
            chain.add(new PostOp.Binary(BinaryAlgorithm.ADD, perChannel));
            chain.addAll(after);
            affine = program.own(Binary.create(
                    target.engine(),
                    BinaryAlgorithm.SUB,
                    picture,
                    perChannel,
                    picture,
                    new PrimitiveAttributes(chain)));
        }

        void lower(MemorySegment x, Data data, MemorySegment result) {
            GroupMoments moments = new GroupMoments(
                    Math.toIntExact(channels),
                    op.groups(),
                    positions,
                    op.epsilon(),
                    sums.of((1 + 2L * tiles) * channels * Float.BYTES),
                    coefficients.of(GroupMoments.ROWS * channels * Float.BYTES));
            sample.lower(x, moments.sums(0));
            program.thenOnHost(() -> moments.writeOrigin(sampleRows));
            for (int tile = 0; tile < tiles; tile++) {
                Tile passes = tile < tiles - 1 ? full : last;
                passes.lower(tile(x, tile), moments, 1 + 2 * tile);
            }
            program.thenOnHost(() -> moments.writeAffine(tiles, data.scale(), data.shift()));
            Map<Argument, Operand> arguments = new HashMap<>();
            arguments.put(Argument.SRC, program.operand(picture, x));
            arguments.put(Argument.SRC_1, program.operand(perChannel, moments.mean()));
            arguments.put(Argument.postOpOperand(0), program.operand(perChannel, moments.factor()));
            arguments.put(Argument.postOpOperand(1), program.operand(perChannel, moments.offset()));
            arguments.put(Argument.DST, program.operand(picture, result));
            program.then(affine, arguments);
        }

        /** Over some positions, each {@code stride} after the one before. */
        private ColumnSums sums(long rows, long stride) {
            return new ColumnSums(target, program, precision, rows, channels, stride, ones);
        }

        private MemorySegment tile(MemorySegment x, int tile) {
            return x.asSlice(tile * tileRows * channels * precision.bytes());
        }

        /** Some consecutive positions. */
        private final class Tile {
            private final MemoryDescriptor positions;
            private final ColumnSums sum;
            private final Primitive difference;
            private final Primitive square;

            Tile(long rows) {
                positions = program.own(MemoryDescriptor.channelsLast(precision, 1, channels, rows, 1));
                sum = sums(rows, 1);
                difference = program.own(Binary.create(
                        target.engine(),
                        BinaryAlgorithm.SUB,
                        positions,
                        perChannel,
                        positions,
                        PrimitiveAttributes.PLAIN));
                square = program.own(Eltwise.create(
                        target.engine(),
                        EltwiseAlgorithm.SQUARE,
                        positions,
                        positions,
                        0,
                        0,
                        PrimitiveAttributes.PLAIN));
            }

            /** Sums what the tile differs from the origin by into one row, its square into the next. */
            void lower(MemorySegment x, GroupMoments moments, int row) {
                MemorySegment room = moved.of(positions.bytes());
                Operand from = program.operand(positions, x);
                Operand origin = program.operand(perChannel, moments.origin());
                Operand distance = program.operand(positions, room);
                program.then(difference, Map.of(Argument.SRC, from, Argument.SRC_1, origin, Argument.DST, distance));
                sum.lower(room, moments.sums(row));
                program.then(square, Map.of(Argument.SRC, distance, Argument.DST, distance));
                sum.lower(room, moments.sums(row + 1));
            }
        }
    }
}
