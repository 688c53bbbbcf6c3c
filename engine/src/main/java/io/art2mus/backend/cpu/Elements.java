package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Binary;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.Eltwise;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Functions of elements that do not look at their neighbours. */
final class Elements {
    private final Lowering lowering;
    private final Room firstHalves;

    Elements(Lowering lowering) {
        this.lowering = lowering;
        firstHalves = lowering.room();
    }

    void function(Op.Elementwise op, Value result) {
        apply(PostOperation.Function.of(op), op.x(), result);
    }

    void leakyRelu(Op.LeakyRelu op, Value result) {
        apply(PostOperation.Function.of(op), op.x(), result);
    }

    void scale(Op.Scale op, Value result) {
        apply(PostOperation.Function.of(op), op.x(), result);
    }

    void add(Op.Add op, Value result) {
        combine(BinaryAlgorithm.ADD, lowering.plain(op.a()), lowering.plain(op.b()), lowering.plain(result));
    }

    /** What a primitive would do to its result before writing it. */
    void inPlace(PostOperation operation, Value result) {
        switch (operation) {
            case PostOperation.Function function -> apply(function, result, result);
            case PostOperation.Combination(var algorithm, var operand) ->
                combine(algorithm, lowering.plain(result), lowering.plain(operand), lowering.plain(result));
        }
    }

    /** The second half is moved to the result, passed through GELU there, and multiplied by the first. */
    void geglu(Op.Geglu op, Value result) {
        long channels = result.shape().last();
        long rows = result.shape().elements() / channels;
        MemorySegment halves = lowering.data(op.x());
        Operand first = half(halves, rows, channels);
        Operand second = half(halves.asSlice(channels * lowering.precision().bytes()), rows, channels);
        Operand whole = lowering.plain(result, rows, channels);
        lowering.program().thenCopy(second, whole);
        apply(EltwiseAlgorithm.GELU_ERF, 0, whole, whole);
        // A product of operands with gaps is a slow reference in oneDNN.
        Operand moved = lowering.program()
                .operand(whole.descriptor(), firstHalves.of(whole.descriptor().bytes()));
        lowering.program().thenCopy(first, moved);
        combine(BinaryAlgorithm.MUL, whole, moved, whole);
    }

    /** Rows of {@code channels} elements that lie {@code 2 · channels} apart. */
    private Operand half(MemorySegment start, long rows, long channels) {
        MemoryDescriptor descriptor = lowering.program()
                .layouts()
                .strided(lowering.precision(), new long[] {rows, channels}, new long[] {2 * channels, 1});
        return lowering.program().operand(descriptor, start);
    }

    private void apply(PostOperation.Function function, Value x, Value result) {
        apply(function.algorithm(), function.alpha(), lowering.plain(x), lowering.plain(result));
    }

    private void apply(EltwiseAlgorithm algorithm, float alpha, Operand src, Operand dst) {
        Primitive primitive = lowering.program()
                .primitive(new Eltwise(
                        algorithm, src.descriptor(), dst.descriptor(), alpha, 0, PrimitiveAttributes.PLAIN));
        lowering.program().then(primitive, Map.of(Argument.SRC, src, Argument.DST, dst));
    }

    private void combine(BinaryAlgorithm algorithm, Operand first, Operand second, Operand dst) {
        Primitive primitive = lowering.program()
                .primitive(new Binary(
                        algorithm,
                        first.descriptor(),
                        second.descriptor(),
                        dst.descriptor(),
                        PrimitiveAttributes.PLAIN));
        lowering.program().then(primitive, Map.of(Argument.SRC, first, Argument.SRC_1, second, Argument.DST, dst));
    }
}
