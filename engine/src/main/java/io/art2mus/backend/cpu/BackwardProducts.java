package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.Matmul;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Products that bring a gradient back through a Linear. */
final class BackwardProducts {
    private static final int[] AS_STORED = {0, 1};

    private final Lowering lowering;

    BackwardProducts(Lowering lowering) {
        this.lowering = lowering;
    }

    /** A frozen weight is packed once more, for the other direction. */
    void input(TrainingOp.LinearInputGradient op, List<PostOperation> after, Value result) {
        Program program = lowering.program();
        Operand src = lowering.matrix(op.gradient());
        Operand dst = lowering.matrix(result);
        Epilogue epilogue = Epilogue.of(after, lowering::matrix);
        long[] dims = op.weight().shape().extents();
        MemoryDescriptor asked = weightDescriptor(op.weight(), dims);
        Primitive primitive =
                program.primitive(new Matmul(src.descriptor(), asked, null, dst.descriptor(), epilogue.attributes()));
        Map<Argument, Operand> arguments = new HashMap<>(epilogue.operands());
        arguments.put(Argument.SRC, src);
        arguments.put(
                Argument.WEIGHTS, lowering.weight(op.weight(), AS_STORED, primitive.descriptor(Argument.WEIGHTS)));
        arguments.put(Argument.DST, dst);
        program.then(primitive, arguments);
    }

    /** A parameter is taken in the layout it was packed in before, else as the primitive likes; what is computed, as it lies. */
    private MemoryDescriptor weightDescriptor(Value weight, long[] dims) {
        if (!lowering.weights().holds(weight)) {
            return lowering.program().layouts().plain(lowering.precision(), dims);
        }
        @Nullable MemoryDescriptor chosen = lowering.weights().chosen(weight, AS_STORED);
        return chosen == null ? lowering.program().layouts().any(lowering.precision(), dims) : chosen;
    }

    void weight(TrainingOp.LinearWeightGradient op, Value result) {
        Program program = lowering.program();
        long rows = op.x().shape().elements() / op.x().shape().last();
        long out = op.gradient().shape().last();
        MemoryDescriptor turned =
                program.layouts().strided(lowering.precision(), new long[] {out, rows}, new long[] {1, out});
        Operand src = program.operand(turned, lowering.data(op.gradient()));
        Operand x = lowering.matrix(op.x());
        Operand dst = program.operand(
                program.layouts().plain(DataType.F32, out, op.x().shape().last()), lowering.data(result));
        Primitive primitive = program.primitive(
                new Matmul(src.descriptor(), x.descriptor(), null, dst.descriptor(), PrimitiveAttributes.PLAIN));
        program.then(primitive, Map.of(Argument.SRC, src, Argument.WEIGHTS, x, Argument.DST, dst));
    }
}
