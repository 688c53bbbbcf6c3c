package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Convolution;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.lang.foreign.Arena;
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

    /** Positions that fill the tiles of every processor; rows as long as that gain nothing. */
    private static final long FULL_ROW = 16;

    private final Lowering lowering;
    private final Room sources;
    private final Room results;

    TurnedConvolutions(Lowering lowering) {
        this.lowering = lowering;
        sources = lowering.room();
        results = lowering.room();
    }

    /** Whether turning was measured to be worth it; asked only where rows are short and columns are not. */
    boolean isFaster(Op.Conv2d op, Value result) {
        Shape shape = result.shape();
        Shape kernel = op.weight().shape();
        boolean slides = kernel.extent(2) * kernel.extent(3) > 1;
        if (!slides || shape.extent(2) >= FULL_ROW || shape.extent(1) < 2 * shape.extent(2)) {
            return false;
        }
        String question = "turned convolution, " + lowering.precision() + " "
                + op.x().shape() + " by " + kernel + ", " + op.window();
        List<Choices.Way> ways = List.of(
                (program, arena) -> tryPlain(op, shape, program, arena),
                (program, arena) -> tryTurned(op, shape, program, arena));
        return lowering.target().choices().fastest(question, lowering.target(), ways) == 1;
    }

    void forward(Op.Conv2d op, List<PostOperation> after, Value result) {
        Program program = lowering.program();
        Shape in = op.x().shape();
        Shape out = result.shape();
        Operand src = turned(op.x(), sources.of(bytes(in)));
        Operand dst = program.operand(turned(program, out), results.of(bytes(out)));
        Value bias = op.bias();
        @Nullable Operand vector = bias == null ? null : lowering.vector(bias, out.last());
        Epilogue epilogue = Epilogue.of(after, addend -> addend(addend, out));
        Primitive primitive = program.own(Convolution.create(
                lowering.target().engine(),
                src.descriptor(),
                program.own(weights(op.weight().shape())),
                vector == null ? null : vector.descriptor(),
                dst.descriptor(),
                turned(op.window()),
                epilogue.attributes()));
        Map<Argument, Operand> arguments = new HashMap<>(epilogue.operands());
        arguments.put(Argument.SRC, src);
        arguments.put(Argument.DST, dst);
        arguments.put(
                Argument.WEIGHTS,
                lowering.weight(op.weight(), AXES, program.own(primitive.descriptor(Argument.WEIGHTS))));
        if (vector != null) {
            arguments.put(Argument.BIAS, vector);
        }
        program.then(primitive, arguments);
        program.thenCopy(dst, program.operand(sideways(program, out), lowering.data(result)));
    }

    /** A picture as it lies, copied to where it lies turned. */
    private Operand turned(Value picture, MemorySegment room) {
        Program program = lowering.program();
        Operand turned = program.operand(turned(program, picture.shape()), room);
        program.thenCopy(program.operand(sideways(program, picture.shape()), lowering.data(picture)), turned);
        return turned;
    }

    /** What is added to each position is turned too; one number a channel is the same either way. */
    private Operand addend(Value addend, Shape result) {
        return addend.shape().equals(result)
                ? turned(addend, lowering.allocate(bytes(result)))
                : lowering.picture(addend);
    }

    private void tryPlain(Op.Conv2d op, Shape result, Program program, Arena arena) {
        Operand src = room(lowering.channelsLast(program, op.x().shape()), program, arena);
        Operand dst = room(lowering.channelsLast(program, result), program, arena);
        long[] kernel = op.weight().shape().extents();
        tryOut(
                src,
                MemoryDescriptor.any(lowering.precision(), kernel),
                dst,
                Convolutions.nativeWindow(op.window()),
                program,
                arena);
    }

    private void tryTurned(Op.Conv2d op, Shape result, Program program, Arena arena) {
        Operand src = room(turned(program, op.x().shape()), program, arena);
        Operand dst = room(turned(program, result), program, arena);
        program.thenCopy(room(sideways(program, op.x().shape()), program, arena), src);
        tryOut(src, weights(op.weight().shape()), dst, turned(op.window()), program, arena);
        program.thenCopy(dst, room(sideways(program, result), program, arena));
    }

    private void tryOut(
            Operand src,
            MemoryDescriptor weights,
            Operand dst,
            io.art2mus.ffi.onednn.Window window,
            Program program,
            Arena arena) {
        Primitive primitive = program.own(Convolution.create(
                lowering.target().engine(),
                src.descriptor(),
                program.own(weights),
                null,
                dst.descriptor(),
                window,
                PrimitiveAttributes.PLAIN));
        Operand packed = room(program.own(primitive.descriptor(Argument.WEIGHTS)), program, arena);
        program.then(primitive, Map.of(Argument.SRC, src, Argument.WEIGHTS, packed, Argument.DST, dst));
    }

    private static Operand room(MemoryDescriptor descriptor, Program program, Arena arena) {
        return program.operand(descriptor, arena.allocate(descriptor.bytes(), MemoryPlan.ALIGNMENT));
    }

    /** {@code [N, H, W, C]} with its axes in the order {@code [N, C, W, H]}, where it lies. */
    private MemoryDescriptor sideways(Program program, Shape shape) {
        long row = shape.extent(2) * shape.last();
        long[] dims = {shape.extent(0), shape.last(), shape.extent(2), shape.extent(1)};
        return program.own(MemoryDescriptor.strided(
                lowering.precision(), dims, new long[] {shape.extent(1) * row, 1, shape.last(), row}));
    }

    /** The same order of axes, channels last without gaps. */
    private MemoryDescriptor turned(Program program, Shape shape) {
        return program.own(MemoryDescriptor.channelsLast(
                lowering.precision(), shape.extent(0), shape.last(), shape.extent(2), shape.extent(1)));
    }

    private MemoryDescriptor weights(Shape shape) {
        return MemoryDescriptor.any(
                lowering.precision(), shape.extent(0), shape.extent(1), shape.extent(3), shape.extent(2));
    }

    private static io.art2mus.ffi.onednn.Window turned(Window window) {
        return new io.art2mus.ffi.onednn.Window(
                List.of((long) window.strideWidth(), (long) window.strideHeight()),
                List.of((long) window.dilationWidth(), (long) window.dilationHeight()),
                List.of((long) window.left(), (long) window.top()),
                List.of((long) window.right(), (long) window.bottom()));
    }

    private long bytes(Shape shape) {
        return shape.elements() * lowering.precision().bytes();
    }
}
