package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Binary;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.Eltwise;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Gradients through functions of elements that do not look at their neighbours. */
final class BackwardElements {
    private final Lowering lowering;
    private final Room gates;
    private final Room products;

    BackwardElements(Lowering lowering) {
        this.lowering = lowering;
        gates = lowering.room();
        products = lowering.room();
    }

    void function(TrainingOp.ElementwiseGradient op, Value result) {
        PostOperation.Function function = PostOperation.Function.of(op.forward());
        backward(
                function.algorithm(),
                function.alpha(),
                lowering.plain(op.forward().x()),
                lowering.plain(op.gradient()),
                lowering.plain(result));
    }

    /** Both halves are moved to where they lie without gaps, as are both halves of the result before they are moved to their places. */
    void geglu(TrainingOp.GegluGradient op, Value result) {
        Program program = lowering.program();
        long channels = op.gradient().shape().last();
        long rows = op.gradient().shape().elements() / channels;
        long bytes = op.gradient().shape().elements() * lowering.precision().bytes();
        Operand first = half(lowering.data(op.forward().x()), rows, channels, 0);
        Operand second = half(lowering.data(op.forward().x()), rows, channels, 1);
        Operand gradient = lowering.plain(op.gradient(), rows, channels);
        Operand gate = dense(gates.of(bytes), rows, channels);
        Operand product = dense(products.of(bytes), rows, channels);
        program.thenCopy(second, gate);
        // Products of operands with gaps are a slow reference in oneDNN.
        program.thenCopy(first, product);
        multiply(product, gradient, product);
        backward(EltwiseAlgorithm.GELU_ERF, 0, gate, product, product);
        program.thenCopy(product, half(lowering.data(result), rows, channels, 1));
        program.then(
                program.primitive(new Eltwise(
                        EltwiseAlgorithm.GELU_ERF,
                        gate.descriptor(),
                        gate.descriptor(),
                        0,
                        0,
                        PrimitiveAttributes.PLAIN)),
                Map.of(Argument.SRC, gate, Argument.DST, gate));
        multiply(gate, gradient, gate);
        program.thenCopy(gate, half(lowering.data(result), rows, channels, 0));
    }

    private Operand dense(MemorySegment data, long rows, long channels) {
        Program program = lowering.program();
        return program.operand(program.layouts().plain(lowering.precision(), rows, channels), data);
    }

    /** Rows of {@code channels} elements that lie {@code 2 · channels} apart. */
    private Operand half(MemorySegment data, long rows, long channels, int which) {
        Program program = lowering.program();
        MemoryDescriptor descriptor = program.layouts()
                .strided(lowering.precision(), new long[] {rows, channels}, new long[] {2 * channels, 1});
        return program.operand(
                descriptor, data.asSlice(which * channels * lowering.precision().bytes()));
    }

    private void multiply(Operand a, Operand b, Operand product) {
        Program program = lowering.program();
        program.then(
                program.primitive(new Binary(
                        BinaryAlgorithm.MUL,
                        a.descriptor(),
                        b.descriptor(),
                        product.descriptor(),
                        PrimitiveAttributes.PLAIN)),
                Map.of(Argument.SRC, a, Argument.SRC_1, b, Argument.DST, product));
    }

    private void backward(EltwiseAlgorithm algorithm, float alpha, Operand src, Operand gradient, Operand result) {
        Program program = lowering.program();
        program.then(
                program.own(Eltwise.backward(
                        lowering.target().engine(), algorithm, src.descriptor(), gradient.descriptor(), alpha, 0)),
                Map.of(Argument.SRC, src, Argument.DIFF_DST, gradient, Argument.DIFF_SRC, result));
    }
}
