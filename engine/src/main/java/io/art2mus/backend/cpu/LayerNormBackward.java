package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.Binary;
import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.LayerNormalization;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.graph.Op;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.util.Map;

/** Gradients through layer normalisations. Statistics are computed again: it is one pass, and nothing has to be kept for it. */
final class LayerNormBackward {
    private final Lowering lowering;
    private final Room normalised;
    private final Room statistics;

    LayerNormBackward(Lowering lowering) {
        this.lowering = lowering;
        normalised = lowering.room();
        statistics = lowering.room();
    }

    void lower(TrainingOp.LayerNormGradient op, Value result) {
        Program program = lowering.program();
        Op.LayerNorm forward = op.forward();
        long channels = forward.x().shape().last();
        long rows = forward.x().shape().elements() / channels;
        MemoryDescriptor perRow = program.layouts().plain(DataType.F32, rows);
        var room = statistics.of(2 * rows * Float.BYTES);
        Operand means = program.operand(perRow, room);
        Operand variances = program.operand(perRow, room.asSlice(rows * Float.BYTES));
        Operand x = lowering.matrix(forward.x());
        Operand unused =
                program.operand(x.descriptor(), normalised.of(x.descriptor().bytes()));
        program.then(
                program.own(LayerNormalization.statistics(
                        lowering.target().engine(), x.descriptor(), x.descriptor(), perRow, forward.epsilon())),
                Map.of(Argument.SRC, x, Argument.DST, unused, Argument.MEAN, means, Argument.VARIANCE, variances));
        Operand gradient = scaled(lowering.matrix(op.gradient()), forward.scale(), unused);
        program.then(
                program.own(LayerNormalization.backward(
                        lowering.target().engine(), x.descriptor(), gradient.descriptor(), perRow, forward.epsilon())),
                Map.of(
                        Argument.SRC,
                        x,
                        Argument.MEAN,
                        means,
                        Argument.VARIANCE,
                        variances,
                        Argument.DIFF_DST,
                        gradient,
                        Argument.DIFF_SRC,
                        lowering.matrix(result)));
    }

    /** With a scale of its own, oneDNN's primitive would compute that one's gradient too. What it overwrites is not read any more. */
    private Operand scaled(Operand gradient, Value scale, Operand room) {
        Program program = lowering.program();
        Operand factors = lowering.vector(scale, 1, scale.shape().last());
        program.then(
                program.primitive(new Binary(
                        BinaryAlgorithm.MUL,
                        gradient.descriptor(),
                        factors.descriptor(),
                        room.descriptor(),
                        PrimitiveAttributes.PLAIN)),
                Map.of(Argument.SRC, gradient, Argument.SRC_1, factors, Argument.DST, room));
        return room;
    }
}
