package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Convolution;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.Deconvolution;
import io.art2mus.ffi.onednn.Eltwise;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.Resampling;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which way to convolve is the fastest on this machine: each is tried with operands of its own. */
final class ConvolutionChoices {
    /** Positions that fill the tiles of every processor; rows as long as that gain nothing by turning. */
    private static final long FULL_ROW = 16;

    /** With fewer channels a convolution is done before its picture is brought to points. */
    private static final long FEWEST_CHANNELS = 32;

    private static final Window ONE_AROUND = Window.square(1, 1);

    private final Target target;

    ConvolutionChoices(Target target) {
        this.target = target;
    }

    /** Whether turning was measured to be worth it; asked only where rows are short and columns are not. */
    boolean turnedIsFaster(Op.Conv2d op) {
        if (!mayTurn(op)) {
            return false;
        }
        String question = "turned convolution, " + target.precision() + " "
                + op.x().shape() + " by " + op.weight().shape() + ", " + op.window();
        List<Choices.Way> ways = List.of(
                (program, arena) -> plain(op, room(op.x().shape(), arena), program, arena),
                (program, arena) -> turned(op, room(op.x().shape(), arena), program, arena));
        return target.choices().fastest(question, target, ways) == 1;
    }

    /**
     * Whether fewer multiplications were measured to be worth what comes before and after them.
     *
     * @param passes over the result that the other ways do without
     */
    boolean winogradIsFaster(Op.Conv2d op, int passes) {
        Shape kernel = op.weight().shape();
        if (!mayGoToPoints(kernel.extent(0)) || !mayGoToPoints(kernel.extent(1)) || !WinogradGrid.fits(op)) {
            return false;
        }
        String question = "convolution at points, " + target.precision() + " "
                + op.x().shape() + " by " + kernel + ", " + op.window() + ", then " + passes;
        return beatsBothOthers(
                question,
                op,
                (program, arena) -> room(op.x().shape(), arena),
                (program, arena) -> winograd(op, passes, program, arena));
    }

    /** Host code reads bfloat16 by pairs. */
    private boolean mayGoToPoints(long channels) {
        return channels >= FEWEST_CHANNELS && (target.precision() == DataType.F32 || channels % 2 == 0);
    }

    /** Whether doubling within a transposed convolution was measured to be worth it; asked where it gives the same. */
    boolean doublingIsFaster(Op.UpsampleNearest upsample, Op.Conv2d op) {
        Shape small = upsample.x().shape();
        Shape kernel = op.weight().shape();
        boolean doubles = upsample.height() == 2 * small.extent(1) && upsample.width() == 2 * small.extent(2);
        boolean same = op.window().equals(ONE_AROUND) && kernel.extent(2) == 3 && kernel.extent(3) == 3;
        if (!doubles || !same) {
            return false;
        }
        String question = "doubling convolution, " + target.precision() + " " + small + " by " + kernel;
        return beatsBothOthers(
                question,
                op,
                (program, arena) -> upsampled(upsample, program, arena),
                (program, arena) -> doubling(small, op, program, arena));
    }

    /** What a convolution reads, made by what is appended first. */
    @FunctionalInterface
    private interface Picture {
        MemorySegment make(Program program, Arena arena);
    }

    /** Whether a way is faster than the convolution as the picture lies and, where it may be, turned. */
    private boolean beatsBothOthers(String question, Op.Conv2d op, Picture x, Choices.Way way) {
        List<Choices.Way> ways = new ArrayList<>();
        ways.add((program, arena) -> plain(op, x.make(program, arena), program, arena));
        if (mayTurn(op)) {
            ways.add((program, arena) -> turned(op, x.make(program, arena), program, arena));
        }
        ways.add(way);
        return target.choices().fastest(question, target, ways) == ways.size() - 1;
    }

    private static boolean mayTurn(Op.Conv2d op) {
        Shape result = op.result();
        Shape kernel = op.weight().shape();
        boolean slides = kernel.extent(2) * kernel.extent(3) > 1;
        return slides && result.extent(2) < FULL_ROW && result.extent(1) >= 2 * result.extent(2);
    }

    private MemorySegment upsampled(Op.UpsampleNearest op, Program program, Arena arena) {
        Operand small = picture(op.x().shape(), room(op.x().shape(), arena), program);
        MemorySegment data = room(op.result(), arena);
        Operand large = picture(op.result(), data, program);
        Primitive primitive =
                program.primitive(new Resampling(small.descriptor(), large.descriptor(), PrimitiveAttributes.PLAIN));
        program.then(primitive, Map.of(Argument.SRC, small, Argument.DST, large));
        return data;
    }

    private void plain(Op.Conv2d op, MemorySegment x, Program program, Arena arena) {
        Operand src = picture(op.x().shape(), x, program);
        Operand dst = picture(op.result(), room(op.result(), arena), program);
        long[] kernel = op.weight().shape().extents();
        run(Convolution::new, src, kernel, dst, Convolutions.nativeWindow(op.window()), program, arena);
    }

    private void turned(Op.Conv2d op, MemorySegment x, Program program, Arena arena) {
        TurnedLayouts layouts = new TurnedLayouts(program.layouts(), target.precision());
        Shape in = op.x().shape();
        Shape out = op.result();
        Operand src = program.operand(layouts.turned(in), room(in, arena));
        Operand dst = program.operand(layouts.turned(out), room(out, arena));
        program.thenCopy(program.operand(layouts.sideways(in), x), src);
        long[] kernel = TurnedLayouts.kernel(op.weight().shape());
        run(Convolution::new, src, kernel, dst, TurnedLayouts.window(op.window()), program, arena);
        program.thenCopy(dst, program.operand(layouts.sideways(out), room(out, arena)));
    }

    private void doubling(Shape small, Op.Conv2d op, Program program, Arena arena) {
        Operand src = picture(small, room(small, arena), program);
        Operand dst = picture(op.result(), room(op.result(), arena), program);
        long[] kernel = op.weight().shape().with(2, 4).with(3, 4).extents();
        run(Deconvolution::new, src, kernel, dst, Convolutions.DOUBLING, program, arena);
    }

    private void winograd(Op.Conv2d op, int passes, Program program, Arena arena) {
        MemorySegment result = room(op.result(), arena);
        MemorySegment bias = arena.allocate(op.result().last() * Float.BYTES, Float.BYTES);
        WinogradConvolutions.Data data =
                new WinogradConvolutions.Data(room(op.x().shape(), arena), bias, result);
        WinogradConvolutions.Packing packing =
                (kernel, wanted) -> program.operand(wanted, arena.allocate(wanted.bytes(), MemoryPlan.ALIGNMENT));
        new WinogradConvolutions(() -> new Room(arena)).lower(op, data, packing, target, program);
        Operand dst = picture(op.result(), result, program);
        for (int pass = 0; pass < passes; pass++) {
            Primitive function = program.primitive(new Eltwise(
                    EltwiseAlgorithm.RELU, dst.descriptor(), dst.descriptor(), 0, 0, PrimitiveAttributes.PLAIN));
            program.then(function, Map.of(Argument.SRC, dst, Argument.DST, dst));
        }
    }

    private void run(
            Convolutions.Creation creation,
            Operand src,
            long[] kernel,
            Operand dst,
            io.art2mus.ffi.onednn.Window window,
            Program program,
            Arena arena) {
        Primitive primitive = program.primitive(creation.of(
                src.descriptor(),
                program.layouts().any(target.precision(), kernel),
                null,
                dst.descriptor(),
                window,
                PrimitiveAttributes.PLAIN));
        MemoryDescriptor wanted = primitive.descriptor(Argument.WEIGHTS);
        Operand packed = program.operand(wanted, arena.allocate(wanted.bytes(), MemoryPlan.ALIGNMENT));
        program.then(primitive, Map.of(Argument.SRC, src, Argument.WEIGHTS, packed, Argument.DST, dst));
    }

    private Operand picture(Shape shape, MemorySegment data, Program program) {
        MemoryDescriptor descriptor = program.layouts()
                .channelsLast(target.precision(), shape.extent(0), shape.extent(3), shape.extent(1), shape.extent(2));
        return program.operand(descriptor, data);
    }

    private MemorySegment room(Shape shape, Arena arena) {
        return arena.allocate(shape.elements() * target.precision().bytes(), MemoryPlan.ALIGNMENT);
    }
}
