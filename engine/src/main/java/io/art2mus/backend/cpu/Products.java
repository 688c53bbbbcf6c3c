package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Matmul;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Linear layers as matrix products, all axes but the innermost taken as rows. */
final class Products {
    /** {@code [out, in]} seen as {@code [in, out]}. */
    private static final int[] TRANSPOSED = {1, 0};

    private final Lowering lowering;

    Products(Lowering lowering) {
        this.lowering = lowering;
    }

    void linear(Op.Linear op, List<PostOperation> after, Value result) {
        long in = op.x().shape().last();
        long out = result.shape().last();
        Operand src = lowering.matrix(op.x());
        Operand dst = lowering.matrix(result);
        Value bias = op.bias();
        @Nullable Operand vector = bias == null ? null : lowering.vector(bias, 1, out);
        Epilogue epilogue = Epilogue.of(after, lowering::matrix);
        MemoryDescriptor asked = weightDescriptor(op.weight(), in, out);
        Primitive primitive = lowering.program()
                .primitive(new Matmul(
                        src.descriptor(),
                        asked,
                        vector == null ? null : vector.descriptor(),
                        dst.descriptor(),
                        epilogue.attributes()));
        Map<Argument, Operand> arguments = new HashMap<>(epilogue.operands());
        arguments.put(Argument.SRC, src);
        arguments.put(Argument.DST, dst);
        arguments.put(
                Argument.WEIGHTS, lowering.weight(op.weight(), TRANSPOSED, primitive.descriptor(Argument.WEIGHTS)));
        if (vector != null) {
            arguments.put(Argument.BIAS, vector);
        }
        lowering.program().then(primitive, arguments);
    }

    /** A parameter is taken in the layout it was packed in before, else as the primitive likes; what is computed, as it lies. */
    private MemoryDescriptor weightDescriptor(Value weight, long in, long out) {
        if (!lowering.weights().holds(weight)) {
            return transposed(in, out);
        }
        @Nullable MemoryDescriptor chosen = lowering.weights().chosen(weight, TRANSPOSED);
        return chosen == null ? lowering.program().layouts().any(lowering.precision(), in, out) : chosen;
    }

    /** {@code [out, in]} as it lies, seen as {@code [in, out]}. */
    private MemoryDescriptor transposed(long in, long out) {
        return lowering.program().layouts().strided(lowering.precision(), new long[] {in, out}, new long[] {1, in});
    }
}
