package io.art2mus.backend.reference;

import io.art2mus.graph.TrainingOp;

/** {@link TrainingOp.MeanSquaredError} and its gradient. */
final class SquaredErrors {
    private SquaredErrors() {}

    static Tensor mean(Tensor prediction, Tensor target, TrainingOp.MeanSquaredError op) {
        Tensor means = Tensor.zeros(op.result());
        int count = prediction.stride(0);
        for (int i = 0; i < prediction.data().length; i++) {
            double error = prediction.data()[i] - target.data()[i];
            means.data()[i / count] += error * error / count;
        }
        return means;
    }

    static Tensor gradient(Tensor prediction, Tensor target, Tensor gradient) {
        Tensor result = Tensor.zeros(prediction.shape());
        int count = prediction.stride(0);
        for (int i = 0; i < prediction.data().length; i++) {
            result.data()[i] =
                    gradient.data()[i / count] * 2 / count * (prediction.data()[i] - target.data()[i]);
        }
        return result;
    }
}
