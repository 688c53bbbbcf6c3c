package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Binary;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.ThreadTeam;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Group normalisation as two passes over a picture: host code sums, a share a thread, then one affine pass takes functions with it.
 * oneDNN's own primitive reaches a small part of memory's rate where pictures are large.
 */
final class GroupNormPasses {
    private final Room coefficients;

    /** Takes {@code rooms} for what is needed during one normalisation only. */
    GroupNormPasses(Supplier<Room> rooms) {
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

    /** Whether the channels can be summed. */
    static boolean fits(Op.GroupNorm op) {
        return op.x().shape().last() % 2 == 0;
    }

    /**
     * Appends the normalisation of all pictures, one after the other.
     *
     * @param op must {@link #fits fit}
     */
    void lower(Op.GroupNorm op, List<PostOp> after, Data data, Target target, Program program) {
        Shape shape = op.x().shape();
        long channels = shape.last();
        long positions = shape.extent(1) * shape.extent(2);
        long bytes = positions * channels * target.precision().bytes();
        MemoryDescriptor perChannel = program.layouts().channelsLast(DataType.F32, 1, channels, 1, 1);
        MemoryDescriptor picture = program.layouts().channelsLast(target.precision(), 1, channels, positions, 1);
        Primitive affine = affine(picture, perChannel, after, program);
        ThreadTeam threads = target.threads();
        for (long i = 0; i < shape.extent(0); i++) {
            MemorySegment x = data.x().asSlice(i * bytes, bytes);
            GroupMoments moments = new GroupMoments(
                    op,
                    x,
                    target.precision(),
                    threads.count(),
                    coefficients.of(GroupMoments.ROWS * channels * Float.BYTES));
            program.thenOnHost(() -> moments.measure(threads, data.scale(), data.shift()));
            Map<Argument, Operand> arguments = new HashMap<>();
            arguments.put(Argument.SRC, program.operand(picture, x));
            arguments.put(Argument.SRC_1, program.operand(perChannel, moments.mean()));
            arguments.put(Argument.postOpOperand(0), program.operand(perChannel, moments.factor()));
            arguments.put(Argument.postOpOperand(1), program.operand(perChannel, moments.offset()));
            arguments.put(Argument.DST, program.operand(picture, data.result().asSlice(i * bytes, bytes)));
            program.then(affine, arguments);
        }
    }

    /** Less the mean, times the factor, plus the offset, then the functions. */
    private static Primitive affine(
            MemoryDescriptor picture, MemoryDescriptor perChannel, List<PostOp> after, Program program) {
        List<PostOp> chain = new ArrayList<>();
        chain.add(new PostOp.Binary(BinaryAlgorithm.MUL, perChannel));
        chain.add(new PostOp.Binary(BinaryAlgorithm.ADD, perChannel));
        chain.addAll(after);
        return program.primitive(
                new Binary(BinaryAlgorithm.SUB, picture, perChannel, picture, new PrimitiveAttributes(chain)));
    }
}
