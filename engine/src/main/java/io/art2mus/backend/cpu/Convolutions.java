package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Convolution;
import io.art2mus.ffi.onednn.Deconvolution;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Operation;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Convolutions: activations channels-last, weights in whatever blocks the primitive likes. */
final class Convolutions {
    /** How {@link DoublingKernel} moves: two positions for each, one taken off on every side. */
    static final io.art2mus.ffi.onednn.Window DOUBLING = nativeWindow(Window.square(2, 1));

    private final Lowering lowering;
    private final ConvolutionChoices choices;
    private final TurnedConvolutions turned;
    private final WinogradConvolutions winograd;

    Convolutions(Lowering lowering) {
        this.lowering = lowering;
        choices = new ConvolutionChoices(lowering.target());
        turned = new TurnedConvolutions(lowering);
        winograd = new WinogradConvolutions(lowering::room);
    }

    void forward(Op.Conv2d op, List<PostOperation> after, Value result) {
        if (lowering.weights().holds(op.weight()) && choices.winogradIsFaster(op, after.size())) {
            winograd(op, result);
            lowering.inPlace(after, result);
        } else if (choices.turnedIsFaster(op)) {
            turned.forward(op, after, result);
        } else {
            Kernel kernel = stored(op.weight(), 0, 1, 2, 3);
            lower(Convolution::new, op.x(), kernel, op.bias(), nativeWindow(op.window()), after, result);
        }
    }

    private void winograd(Op.Conv2d op, Value result) {
        Value bias = op.bias();
        @Nullable
        MemorySegment vector = bias == null ? null : lowering.weights().floats(bias);
        winograd.lower(
                op,
                new WinogradConvolutions.Data(lowering.data(op.x()), vector, lowering.data(result)),
                (kernel, wanted) -> lowering.weights().derived(op.weight(), kernel, wanted),
                lowering.target(),
                lowering.program());
    }

    /** The convolution of a picture of which {@code half} is every other row and column. */
    void doubling(Op.Conv2d op, Value half, List<PostOperation> after, Value result) {
        Shape dims = op.weight().shape().with(2, 4).with(3, 4);
        DoublingKernel doubling = new DoublingKernel();
        Kernel kernel = new Kernel(dims, wanted -> lowering.weights().derived(op.weight(), doubling, wanted));
        lower(Deconvolution::new, half, kernel, op.bias(), DOUBLING, after, result);
    }

    /** PyTorch stores {@code [in, out, kH, kW]}, oneDNN thinks in {@code [out, in, kH, kW]}. */
    void transposed(Op.ConvTranspose2d op, Value result) {
        Kernel kernel = stored(op.weight(), 1, 0, 2, 3);
        lower(Deconvolution::new, op.x(), kernel, op.bias(), nativeWindow(op.window()), List.of(), result);
    }

    /**
     * What a convolution multiplies by.
     *
     * @param dims {@code [out, in, kH, kW]}
     * @param packing into the layout that the primitive chose
     */
    private record Kernel(Shape dims, Function<MemoryDescriptor, Operand> packing) {}

    /** @param axes which of the weight's axes stands at each of the primitive's */
    private Kernel stored(Value weight, int... axes) {
        Shape dims =
                Shape.of(IntStream.of(axes).mapToLong(weight.shape()::extent).toArray());
        return new Kernel(dims, wanted -> lowering.weight(weight, axes, wanted));
    }

    private void lower(
            Creation creation,
            Value x,
            Kernel kernel,
            @Nullable Value bias,
            io.art2mus.ffi.onednn.Window window,
            List<PostOperation> after,
            Value result) {
        Operand src = lowering.picture(x);
        Operand dst = lowering.picture(result);
        @Nullable
        Operand vector =
                bias == null ? null : lowering.vector(bias, result.shape().last());
        Epilogue epilogue = Epilogue.of(after, lowering::picture);
        Program program = lowering.program();
        Primitive primitive = program.primitive(creation.of(
                src.descriptor(),
                program.layouts().any(lowering.precision(), kernel.dims().extents()),
                vector == null ? null : vector.descriptor(),
                dst.descriptor(),
                window,
                epilogue.attributes()));
        Map<Argument, Operand> arguments = new HashMap<>(epilogue.operands());
        arguments.put(Argument.SRC, src);
        arguments.put(Argument.DST, dst);
        arguments.put(Argument.WEIGHTS, kernel.packing().apply(primitive.descriptor(Argument.WEIGHTS)));
        if (vector != null) {
            arguments.put(Argument.BIAS, vector);
        }
        program.then(primitive, arguments);
    }

    static io.art2mus.ffi.onednn.Window nativeWindow(Window window) {
        return new io.art2mus.ffi.onednn.Window(
                List.of((long) window.strideHeight(), (long) window.strideWidth()),
                List.of((long) window.dilationHeight(), (long) window.dilationWidth()),
                List.of((long) window.top(), (long) window.left()),
                List.of((long) window.bottom(), (long) window.right()));
    }

    /** What a convolution and a transposed one have in common. */
    @FunctionalInterface
    interface Creation {
        Operation of(
                MemoryDescriptor src,
                MemoryDescriptor weights,
                @Nullable MemoryDescriptor bias,
                MemoryDescriptor dst,
                io.art2mus.ffi.onednn.Window window,
                PrimitiveAttributes attributes);
    }
}
