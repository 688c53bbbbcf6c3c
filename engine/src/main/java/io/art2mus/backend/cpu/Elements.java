package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Binary;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.Eltwise;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.Reorder;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Functions of elements that do not look at their neighbours. */
final class Elements {
    private final Lowering lowering;

    Elements(Lowering lowering) {
        this.lowering = lowering;
    }

    void function(Op.Elementwise op, Value result) {
        apply(PostOperation.Function.of(op), lowering.plain(op.x()), result);
    }

    void leakyRelu(Op.LeakyRelu op, Value result) {
        apply(PostOperation.Function.of(op), lowering.plain(op.x()), result);
    }

    void scale(Op.Scale op, Value result) {
        apply(PostOperation.Function.of(op), lowering.plain(op.x()), result);
    }

    void add(Op.Add op, Value result) {
        Primitive primitive;
        try (MemoryDescriptor dense = lowering.plainDescriptor(result);
                MemoryDescriptor second = lowering.plainDescriptor(op.b())) {
            primitive = Binary.create(
                    lowering.target().engine(), BinaryAlgorithm.ADD, dense, second, dense, PrimitiveAttributes.PLAIN);
        }
        lowering.program()
                .then(
                        primitive,
                        Map.of(
                                Argument.SRC, lowering.plain(op.a()),
                                Argument.SRC_1, lowering.plain(op.b()),
                                Argument.DST, lowering.plain(result)));
    }

    /** The second half is moved to the result, passed through GELU there, and multiplied by the first. */
    void geglu(Op.Geglu op, Value result) {
        long channels = result.shape().last();
        long rows = result.shape().elements() / channels;
        MemorySegment halves = lowering.data(op.x());
        DnnlMemory first = half(halves, rows, channels);
        DnnlMemory second = half(halves.asSlice(channels * lowering.precision().bytes()), rows, channels);
        DnnlMemory whole = lowering.program()
                .memory(MemoryDescriptor.plain(lowering.precision(), rows, channels), lowering.data(result));
        Primitive move;
        Primitive gelu;
        Primitive multiply;
        try (MemoryDescriptor half = halfDescriptor(rows, channels);
                MemoryDescriptor dense = MemoryDescriptor.plain(lowering.precision(), rows, channels)) {
            move = Reorder.create(lowering.target().engine(), half, dense, PrimitiveAttributes.PLAIN);
            gelu = Eltwise.create(
                    lowering.target().engine(),
                    EltwiseAlgorithm.GELU_ERF,
                    dense,
                    dense,
                    0,
                    0,
                    PrimitiveAttributes.PLAIN);
            multiply = Binary.create(
                    lowering.target().engine(), BinaryAlgorithm.MUL, dense, half, dense, PrimitiveAttributes.PLAIN);
        }
        lowering.program().then(move, Map.of(Argument.SRC, second, Argument.DST, whole));
        lowering.program().then(gelu, Map.of(Argument.SRC, whole, Argument.DST, whole));
        lowering.program().then(multiply, Map.of(Argument.SRC, whole, Argument.SRC_1, first, Argument.DST, whole));
    }

    private DnnlMemory half(MemorySegment start, long rows, long channels) {
        return lowering.program().memory(halfDescriptor(rows, channels), start);
    }

    /** Rows of {@code channels} elements that lie {@code 2 · channels} apart. */
    private MemoryDescriptor halfDescriptor(long rows, long channels) {
        return MemoryDescriptor.strided(
                lowering.precision(), new long[] {rows, channels}, new long[] {2 * channels, 1});
    }

    private void apply(PostOperation.Function function, DnnlMemory src, Value result) {
        Primitive primitive;
        try (MemoryDescriptor dense = lowering.plainDescriptor(result)) {
            primitive = Eltwise.create(
                    lowering.target().engine(),
                    function.algorithm(),
                    dense,
                    dense,
                    function.alpha(),
                    0,
                    PrimitiveAttributes.PLAIN);
        }
        lowering.program().then(primitive, Map.of(Argument.SRC, src, Argument.DST, lowering.plain(result)));
    }
}
