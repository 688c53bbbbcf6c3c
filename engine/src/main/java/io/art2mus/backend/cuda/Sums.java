package io.art2mus.backend.cuda;

import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.kernels.MeanSquaredErrorKernel;
import io.art2mus.kernels.SumKernel;

/** Sums over axes, and errors, which are float32 whatever the precision. */
final class Sums {
    private final Lowering lowering;

    Sums(Lowering lowering) {
        this.lowering = lowering;
    }

    void sumTo(TrainingOp.SumTo op, Value result) {
        Shape large = op.x().shape();
        long[] extents = large.extents();
        long[] strides = large.strides().stream().mapToLong(Long::longValue).toArray();
        boolean[] kept = new boolean[extents.length];
        for (int axis = 0; axis < kept.length; axis++) {
            kept[axis] = op.shape().extent(axis) == extents[axis];
        }
        long x = lowering.data(op.x());
        long y = lowering.data(result);
        lowering.program()
                .then(
                        SumKernel.workspaceBytes(lowering.target().device(), extents, strides, kept),
                        workspace -> SumKernel.forward(
                                lowering.kernels(),
                                lowering.arena(),
                                lowering.elements(op.x()),
                                extents,
                                strides,
                                kept,
                                x,
                                y,
                                workspace));
    }

    void meanSquaredError(TrainingOp.MeanSquaredError op, Value result) {
        lowering.program()
                .then(MeanSquaredErrorKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        items(op),
                        elements(op),
                        lowering.data(op.prediction()),
                        lowering.data(op.target()),
                        lowering.data(result)));
    }

    void meanSquaredErrorGradient(TrainingOp.MeanSquaredErrorGradient op, Value result) {
        lowering.program()
                .then(MeanSquaredErrorKernel.backward(
                        lowering.kernels(),
                        lowering.arena(),
                        items(op.forward()),
                        elements(op.forward()),
                        lowering.data(op.forward().prediction()),
                        lowering.data(op.forward().target()),
                        lowering.data(op.gradient()),
                        lowering.data(result)));
    }

    private static int items(TrainingOp.MeanSquaredError op) {
        return Math.toIntExact(op.prediction().shape().extent(0));
    }

    private static long elements(TrainingOp.MeanSquaredError op) {
        return op.prediction().shape().elements() / items(op);
    }
}
