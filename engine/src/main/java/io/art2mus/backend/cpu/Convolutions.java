package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Convolution;
import io.art2mus.ffi.onednn.Deconvolution;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Convolutions: activations channels-last, weights in whatever blocks the primitive likes. */
final class Convolutions {
    private final Lowering lowering;
    private final TurnedConvolutions turned;

    Convolutions(Lowering lowering) {
        this.lowering = lowering;
        turned = new TurnedConvolutions(lowering);
    }

    void forward(Op.Conv2d op, List<PostOperation> after, Value result) {
        if (turned.isFaster(op, result)) {
            turned.forward(op, after, result);
            return;
        }
        lower(Convolution::create, op.x(), op.weight(), new int[] {0, 1, 2, 3}, op.bias(), op.window(), after, result);
    }

    /** PyTorch stores {@code [in, out, kH, kW]}, oneDNN thinks in {@code [out, in, kH, kW]}. */
    void transposed(Op.ConvTranspose2d op, Value result) {
        lower(
                Deconvolution::create,
                op.x(),
                op.weight(),
                new int[] {1, 0, 2, 3},
                op.bias(),
                op.window(),
                List.of(),
                result);
    }

    private void lower(
            Creation creation,
            Value x,
            Value weight,
            int[] axes,
            @Nullable Value bias,
            Window window,
            List<PostOperation> after,
            Value result) {
        long[] dims = IntStream.of(axes).mapToLong(weight.shape()::extent).toArray();
        Operand src = lowering.picture(x);
        Operand dst = lowering.picture(result);
        @Nullable Operand vector = bias == null ? null : lowering.vector(bias, dims[0]);
        Epilogue epilogue = Epilogue.of(after, lowering::picture);
        Program program = lowering.program();
        Primitive primitive = program.own(creation.create(
                lowering.target().engine(),
                src.descriptor(),
                program.own(MemoryDescriptor.any(lowering.precision(), dims)),
                vector == null ? null : vector.descriptor(),
                dst.descriptor(),
                nativeWindow(window),
                epilogue.attributes()));
        Map<Argument, Operand> arguments = new HashMap<>(epilogue.operands());
        arguments.put(Argument.SRC, src);
        arguments.put(Argument.DST, dst);
        arguments.put(
                Argument.WEIGHTS, lowering.weight(weight, axes, program.own(primitive.descriptor(Argument.WEIGHTS))));
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

    /** What {@link Convolution#create} and {@link Deconvolution#create} have in common. */
    private interface Creation {
        Primitive create(
                io.art2mus.ffi.onednn.CpuEngine engine,
                MemoryDescriptor src,
                MemoryDescriptor weights,
                @Nullable MemoryDescriptor bias,
                MemoryDescriptor dst,
                io.art2mus.ffi.onednn.Window window,
                PrimitiveAttributes attributes);
    }
}
