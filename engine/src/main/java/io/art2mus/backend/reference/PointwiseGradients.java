package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import io.art2mus.graph.TrainingOp;
import java.util.function.DoubleUnaryOperator;

/** {@link TrainingOp.ElementwiseGradient} and {@link TrainingOp.GegluGradient}. */
final class PointwiseGradients {
    private PointwiseGradients() {}

    static Tensor elementwise(Tensor x, Tensor gradient, Op.Elementwise op) {
        DoubleUnaryOperator slope = switch (op.function()) {
            case SILU -> Slopes::silu;
            case GELU -> Slopes::gelu;
            case GELU_TANH -> Slopes::geluTanh;
            case TANH -> Slopes::tanh;
        };
        Tensor result = Tensor.zeros(x.shape());
        for (int i = 0; i < result.data().length; i++) {
            result.data()[i] = gradient.data()[i] * slope.applyAsDouble(x.data()[i]);
        }
        return result;
    }

    static Tensor geglu(Tensor x, Tensor gradient) {
        Tensor result = Tensor.zeros(x.shape());
        int half = gradient.extent(-1);
        for (int i = 0; i < gradient.data().length; i++) {
            int first = i / half * 2 * half + i % half;
            double gate = x.data()[first + half];
            result.data()[first] = gradient.data()[i] * Functions.gelu(gate);
            result.data()[first + half] = gradient.data()[i] * x.data()[first] * Slopes.gelu(gate);
        }
        return result;
    }
}
