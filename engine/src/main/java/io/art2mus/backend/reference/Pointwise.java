package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import java.util.function.DoubleUnaryOperator;

/** Operations whose every result depends on one place of their operands. */
final class Pointwise {
    private Pointwise() {}

    static Tensor elementwise(Tensor x, Op.Elementwise op) {
        return switch (op.function()) {
            case SILU -> map(x, Functions::silu);
            case GELU -> map(x, Functions::gelu);
            case GELU_TANH -> map(x, Functions::geluTanh);
            case TANH -> map(x, Math::tanh);
        };
    }

    static Tensor leakyRelu(Tensor x, Op.LeakyRelu op) {
        return map(x, element -> Functions.leakyRelu(element, op.slope()));
    }

    static Tensor scale(Tensor x, Op.Scale op) {
        return map(x, element -> op.factor() * element);
    }

    private static Tensor map(Tensor x, DoubleUnaryOperator function) {
        Tensor y = Tensor.zeros(x.shape());
        for (int i = 0; i < y.data().length; i++) {
            y.data()[i] = function.applyAsDouble(x.data()[i]);
        }
        return y;
    }

    static Tensor geglu(Tensor x, Op.Geglu op) {
        Tensor y = Tensor.zeros(op.result());
        int half = y.extent(-1);
        for (int i = 0; i < y.data().length; i++) {
            int first = i / half * 2 * half + i % half;
            y.data()[i] = x.data()[first] * Functions.gelu(x.data()[first + half]);
        }
        return y;
    }

    static Tensor add(Tensor a, Tensor b, Op.Add op) {
        Tensor y = Tensor.zeros(op.result());
        for (int i = 0; i < y.data().length; i++) {
            y.data()[i] = a.data()[i] + b.data()[repeated(a, i, b)];
        }
        return y;
    }

    /** Which element of {@code small} stands beside element {@code i} of {@code large}, whose axes it has, some of extent 1. */
    static int repeated(Tensor large, int i, Tensor small) {
        int repeated = 0;
        for (int axis = 0; axis < large.shape().rank(); axis++) {
            int index = i / large.stride(axis) % large.extent(axis);
            repeated += index % small.extent(axis) * small.stride(axis);
        }
        return repeated;
    }
}
