package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.Matmul;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Linear layers as matrix products, all axes but the innermost taken as rows. */
final class Products {
    private final Lowering lowering;

    Products(Lowering lowering) {
        this.lowering = lowering;
    }

    void linear(Op.Linear op, List<PostOperation> after, Value result) {
        long in = op.x().shape().last();
        long out = result.shape().last();
        Epilogue epilogue = Epilogue.of(after, lowering, this::matrixDescriptor);
        Primitive primitive = create(op, result, epilogue.attributes());
        Map<Argument, DnnlMemory> arguments = new HashMap<>(epilogue.operands());
        arguments.put(Argument.SRC, matrix(op.x()));
        arguments.put(Argument.DST, matrix(result));
        arguments.put(Argument.WEIGHTS, weight(op.weight(), in, out, primitive));
        Value bias = op.bias();
        if (bias != null) {
            arguments.put(Argument.BIAS, lowering.vector(bias, 1, out));
        }
        lowering.program().then(primitive, arguments);
    }

    private Primitive create(Op.Linear op, Value result, PrimitiveAttributes attributes) {
        long in = op.x().shape().last();
        long out = result.shape().last();
        try (MemoryDescriptor src = matrixDescriptor(op.x());
                MemoryDescriptor any = MemoryDescriptor.any(lowering.precision(), in, out);
                MemoryDescriptor transposed = transposed(in, out);
                MemoryDescriptor vector = MemoryDescriptor.plain(DataType.F32, 1, out);
                MemoryDescriptor dst = matrixDescriptor(result)) {
            @Nullable MemoryDescriptor chosen = lowering.weights().chosen(op.weight());
            MemoryDescriptor packed = chosen == null ? any : chosen;
            return Matmul.create(
                    lowering.target().engine(),
                    src,
                    lowering.weights().holds(op.weight()) ? packed : transposed,
                    op.bias() == null ? null : vector,
                    dst,
                    attributes);
        }
    }

    private DnnlMemory weight(Value weight, long in, long out, Primitive primitive) {
        if (!lowering.weights().holds(weight)) {
            return lowering.program().memory(transposed(in, out), lowering.data(weight));
        }
        return lowering.weights().packed(weight, new int[] {1, 0}, primitive.descriptor(Argument.WEIGHTS));
    }

    /** {@code [out, in]} as it lies, seen as {@code [in, out]}. */
    private MemoryDescriptor transposed(long in, long out) {
        return MemoryDescriptor.strided(lowering.precision(), new long[] {in, out}, new long[] {1, in});
    }

    private DnnlMemory matrix(Value value) {
        return lowering.program().memory(matrixDescriptor(value), lowering.data(value));
    }

    /** All axes but the innermost as rows. */
    private MemoryDescriptor matrixDescriptor(Value value) {
        long columns = value.shape().last();
        return MemoryDescriptor.plain(lowering.precision(), value.shape().elements() / columns, columns);
    }
}
