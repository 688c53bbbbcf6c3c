package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Convolution;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.Deconvolution;
import io.art2mus.ffi.onednn.DnnlMemory;
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

    Convolutions(Lowering lowering) {
        this.lowering = lowering;
    }

    void forward(Op.Conv2d op, List<PostOperation> after, Value result) {
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
        Epilogue epilogue = Epilogue.of(after, lowering, lowering::pictureDescriptor);
        Primitive primitive;
        try (MemoryDescriptor src = lowering.pictureDescriptor(x);
                MemoryDescriptor dst = lowering.pictureDescriptor(result);
                MemoryDescriptor any = MemoryDescriptor.any(lowering.precision(), dims);
                MemoryDescriptor vector = MemoryDescriptor.plain(DataType.F32, dims[0])) {
            primitive = creation.create(
                    lowering.target().engine(),
                    src,
                    any,
                    bias == null ? null : vector,
                    dst,
                    nativeWindow(window),
                    epilogue.attributes());
        }
        Map<Argument, DnnlMemory> arguments = new HashMap<>(epilogue.operands());
        arguments.put(Argument.SRC, lowering.program().memory(lowering.pictureDescriptor(x), lowering.data(x)));
        arguments.put(
                Argument.DST, lowering.program().memory(lowering.pictureDescriptor(result), lowering.data(result)));
        MemoryDescriptor wanted = primitive.descriptor(Argument.WEIGHTS);
        arguments.put(Argument.WEIGHTS, lowering.weights().packed(weight, axes, wanted));
        if (bias != null) {
            arguments.put(Argument.BIAS, lowering.vector(bias, dims[0]));
        }
        lowering.program().then(primitive, arguments);
    }

    private static io.art2mus.ffi.onednn.Window nativeWindow(Window window) {
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
