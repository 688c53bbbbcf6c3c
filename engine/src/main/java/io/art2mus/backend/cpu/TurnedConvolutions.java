package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Convolution;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions with height and width exchanged. oneDNN's kernels take a row of the picture at a time, and a row of two positions, as at
 * the bottom of the T-UNet, leaves most of a tile empty; turned, the rows are the long ones. The pictures are turned before and after,
 * which costs little where they are small.
 */
final class TurnedConvolutions {
    /** Which axis of {@code [O, I, kH, kW]} stands at each of the turned convolution's. */
    private static final int[] AXES = {0, 1, 3, 2};

    private final Lowering lowering;
    private final TurnedLayouts layouts;
    private final Room sources;
    private final Room results;

    TurnedConvolutions(Lowering lowering) {
        this.lowering = lowering;
        layouts = new TurnedLayouts(lowering.program().layouts(), lowering.precision());
        sources = lowering.room();
        results = lowering.room();
    }

    void forward(Op.Conv2d op, List<PostOperation> after, Value result) {
        Program program = lowering.program();
        Shape in = op.x().shape();
        Shape out = result.shape();
        Operand src = turned(op.x(), sources.of(bytes(in)));
        Operand dst = program.operand(layouts.turned(out), results.of(bytes(out)));
        Value bias = op.bias();
        @Nullable Operand vector = bias == null ? null : lowering.vector(bias, out.last());
        Epilogue epilogue = Epilogue.of(after, addend -> addend(addend, out));
        Primitive primitive = program.primitive(new Convolution(
                src.descriptor(),
                program.layouts()
                        .any(
                                lowering.precision(),
                                TurnedLayouts.kernel(op.weight().shape())),
                vector == null ? null : vector.descriptor(),
                dst.descriptor(),
                TurnedLayouts.window(op.window()),
                epilogue.attributes()));
        Map<Argument, Operand> arguments = new HashMap<>(epilogue.operands());
        arguments.put(Argument.SRC, src);
        arguments.put(Argument.DST, dst);
        arguments.put(Argument.WEIGHTS, lowering.weight(op.weight(), AXES, primitive.descriptor(Argument.WEIGHTS)));
        if (vector != null) {
            arguments.put(Argument.BIAS, vector);
        }
        program.then(primitive, arguments);
        program.thenCopy(dst, program.operand(layouts.sideways(out), lowering.data(result)));
    }

    /** A picture as it lies, copied to where it lies turned. */
    private Operand turned(Value picture, MemorySegment room) {
        Program program = lowering.program();
        Operand turned = program.operand(layouts.turned(picture.shape()), room);
        program.thenCopy(program.operand(layouts.sideways(picture.shape()), lowering.data(picture)), turned);
        return turned;
    }

    /** What is added to each position is turned too; one number a channel is the same either way. */
    private Operand addend(Value addend, Shape result) {
        return addend.shape().equals(result)
                ? turned(addend, lowering.allocate(bytes(result)))
                : lowering.picture(addend);
    }

    private long bytes(Shape shape) {
        return shape.elements() * lowering.precision().bytes();
    }
}
