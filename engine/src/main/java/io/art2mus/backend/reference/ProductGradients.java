package io.art2mus.backend.reference;

import io.art2mus.graph.TrainingOp;

/** {@link TrainingOp.LinearInputGradient} and {@link TrainingOp.LinearWeightGradient}. */
final class ProductGradients {
    private ProductGradients() {}

    static Tensor linearInput(Tensor gradient, Tensor weight, TrainingOp.LinearInputGradient op) {
        Tensor result = Tensor.zeros(op.result());
        int outputs = weight.extent(0);
        int width = weight.extent(1);
        for (int row = 0; row < gradient.data().length / outputs; row++) {
            for (int out = 0; out < outputs; out++) {
                for (int in = 0; in < width; in++) {
                    result.data()[row * width + in] +=
                            gradient.data()[row * outputs + out] * weight.data()[out * width + in];
                }
            }
        }
        return result;
    }

    static Tensor linearWeight(Tensor x, Tensor gradient, TrainingOp.LinearWeightGradient op) {
        Tensor result = Tensor.zeros(op.result());
        int outputs = result.extent(0);
        int width = result.extent(1);
        for (int row = 0; row < gradient.data().length / outputs; row++) {
            for (int out = 0; out < outputs; out++) {
                for (int in = 0; in < width; in++) {
                    result.data()[out * width + in] +=
                            gradient.data()[row * outputs + out] * x.data()[row * width + in];
                }
            }
        }
        return result;
    }
}
