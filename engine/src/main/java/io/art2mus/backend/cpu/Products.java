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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Linear layers as matrix products, all axes but the innermost taken as rows. */
final class Products {
    private final Lowering lowering;

    Products(Lowering lowering) {
        this.lowering = lowering;
    }

    void linear(Op.Linear op, Value result) {
        long in = op.x().shape().last();
        long out = result.shape().last();
        long rows = result.shape().elements() / out;
        Primitive primitive = create(op, rows, in, out);
        Map<Argument, DnnlMemory> arguments = new HashMap<>();
        arguments.put(Argument.SRC, matrix(op.x(), rows, in));
        arguments.put(Argument.DST, matrix(result, rows, out));
        arguments.put(Argument.WEIGHTS, weight(op.weight(), in, out, primitive));
        Value bias = op.bias();
        if (bias != null) {
            arguments.put(Argument.BIAS, lowering.vector(bias, 1, out));
        }
        lowering.program().then(primitive, arguments);
    }

    private Primitive create(Op.Linear op, long rows, long in, long out) {
        try (MemoryDescriptor src = MemoryDescriptor.plain(lowering.precision(), rows, in);
                MemoryDescriptor any = MemoryDescriptor.any(lowering.precision(), in, out);
                MemoryDescriptor transposed = transposed(in, out);
                MemoryDescriptor vector = MemoryDescriptor.plain(DataType.F32, 1, out);
                MemoryDescriptor dst = MemoryDescriptor.plain(lowering.precision(), rows, out)) {
            @Nullable MemoryDescriptor chosen = lowering.weights().chosen(op.weight());
            MemoryDescriptor packed = chosen == null ? any : chosen;
            return Matmul.create(
                    lowering.target().engine(),
                    src,
                    lowering.weights().holds(op.weight()) ? packed : transposed,
                    op.bias() == null ? null : vector,
                    dst,
                    PrimitiveAttributes.PLAIN);
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

    private DnnlMemory matrix(Value value, long rows, long columns) {
        return lowering.program()
                .memory(MemoryDescriptor.plain(lowering.precision(), rows, columns), lowering.data(value));
    }
}
