package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.Eltwise;
import io.art2mus.ffi.onednn.GroupNormalization;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Operation;
import io.art2mus.ffi.onednn.PostOp;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/** Group normalisation and the functions that follow it: by oneDNN's primitive, or in passes where that is faster. */
final class GroupNorms {
    private final Lowering lowering;
    private final GroupNormPasses passes;

    GroupNorms(Lowering lowering) {
        this.lowering = lowering;
        passes = new GroupNormPasses(lowering::room);
    }

    /** @param after functions only */
    void group(Op.GroupNorm op, List<PostOperation> after, Value result) {
        List<PostOp> functions =
                Epilogue.of(after, lowering::picture).attributes().postOps();
        Weights weights = lowering.weights();
        if (GroupNormPasses.fits(op)
                && weights.holds(op.scale())
                && weights.holds(op.shift())
                && passesAreFaster(op, functions)) {
            GroupNormPasses.Data data = new GroupNormPasses.Data(
                    lowering.data(op.x()),
                    weights.floats(op.scale()),
                    weights.floats(op.shift()),
                    lowering.data(result));
            passes.lower(op, functions, data, lowering.target(), lowering.program());
        } else {
            long channels = op.x().shape().last();
            lower(
                    op,
                    functions,
                    lowering.picture(op.x()),
                    lowering.vector(op.scale(), channels),
                    lowering.vector(op.shift(), channels),
                    lowering.picture(result),
                    lowering.program());
        }
    }

    private boolean passesAreFaster(Op.GroupNorm op, List<PostOp> functions) {
        String question = "group norm in two passes, " + lowering.precision() + " "
                + op.x().shape() + " in " + op.groups() + " groups, then " + functions;
        List<Choices.Way> ways = List.of(
                (program, arena) -> tryPrimitive(op, functions, program, arena),
                (program, arena) -> tryPasses(op, functions, program, arena));
        return lowering.target().choices().fastest(question, lowering.target(), ways) == 1;
    }

    /** The primitive takes functions too, but was measured to be slower with them than beside them. */
    private void lower(
            Op.GroupNorm op,
            List<PostOp> functions,
            Operand x,
            Operand scale,
            Operand shift,
            Operand result,
            Program program) {
        Primitive norm = program.primitive(new GroupNormalization(
                x.descriptor(), result.descriptor(), op.groups(), op.epsilon(), PrimitiveAttributes.PLAIN));
        program.then(norm, Map.of(Argument.SRC, x, Argument.SCALE, scale, Argument.SHIFT, shift, Argument.DST, result));
        for (PostOp function : functions) {
            program.then(
                    program.primitive(operation(function, result)), Map.of(Argument.SRC, result, Argument.DST, result));
        }
    }

    private static Operation operation(PostOp function, Operand operand) {
        return switch (function) {
            case PostOp.Eltwise(var algorithm, var alpha, var beta) ->
                new Eltwise(
                        algorithm, operand.descriptor(), operand.descriptor(), alpha, beta, PrimitiveAttributes.PLAIN);
            case PostOp.Binary _ -> throw new IllegalArgumentException(function + " is no function");
        };
    }

    private void tryPrimitive(Op.GroupNorm op, List<PostOp> functions, Program program, Arena arena) {
        Shape shape = op.x().shape();
        MemoryDescriptor pictures = lowering.channelsLast(program, shape);
        MemoryDescriptor vector = program.layouts().plain(DataType.F32, shape.last());
        Operand parameter = program.operand(vector, room(vector.bytes(), arena));
        lower(
                op,
                functions,
                program.operand(pictures, room(pictures.bytes(), arena)),
                parameter,
                parameter,
                program.operand(pictures, room(pictures.bytes(), arena)),
                program);
    }

    private void tryPasses(Op.GroupNorm op, List<PostOp> functions, Program program, Arena arena) {
        Shape shape = op.x().shape();
        long bytes = shape.elements() * lowering.precision().bytes();
        MemorySegment parameter = room(shape.last() * Float.BYTES, arena);
        GroupNormPasses.Data data =
                new GroupNormPasses.Data(room(bytes, arena), parameter, parameter, room(bytes, arena));
        new GroupNormPasses(() -> new Room(arena)).lower(op, functions, data, lowering.target(), program);
    }

    private static MemorySegment room(long bytes, Arena arena) {
        return arena.allocate(bytes, MemoryPlan.ALIGNMENT);
    }
}
