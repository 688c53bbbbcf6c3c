package io.art2mus.backend.cpu;

import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Errors and their gradients, in float32 and summed in float64. They are few elements, and are computed here. */
final class Losses {
    private final Lowering lowering;

    Losses(Lowering lowering) {
        this.lowering = lowering;
    }

    void meanSquaredError(TrainingOp.MeanSquaredError op, Value result) {
        MemorySegment predictions = lowering.data(op.prediction());
        MemorySegment targets = lowering.data(op.target());
        MemorySegment means = lowering.data(result);
        long items = result.shape().elements();
        long count = op.prediction().shape().elements() / items;
        lowering.program().thenOnHost(() -> {
            for (long item = 0; item < items; item++) {
                double sum = 0;
                for (long i = item * count; i < (item + 1) * count; i++) {
                    double error = predictions.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                            - targets.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    sum += error * error;
                }
                means.setAtIndex(ValueLayout.JAVA_FLOAT, item, (float) (sum / count));
            }
        });
    }

    void meanSquaredErrorGradient(TrainingOp.MeanSquaredErrorGradient op, Value result) {
        MemorySegment predictions = lowering.data(op.forward().prediction());
        MemorySegment targets = lowering.data(op.forward().target());
        MemorySegment weights = lowering.data(op.gradient());
        MemorySegment gradients = lowering.data(result);
        long items = op.gradient().shape().elements();
        long count = result.shape().elements() / items;
        lowering.program().thenOnHost(() -> {
            for (long item = 0; item < items; item++) {
                float factor = 2 * weights.getAtIndex(ValueLayout.JAVA_FLOAT, item) / count;
                for (long i = item * count; i < (item + 1) * count; i++) {
                    float error = predictions.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                            - targets.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    gradients.setAtIndex(ValueLayout.JAVA_FLOAT, i, factor * error);
                }
            }
        });
    }
}
