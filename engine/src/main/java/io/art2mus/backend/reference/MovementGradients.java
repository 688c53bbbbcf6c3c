package io.art2mus.backend.reference;

import io.art2mus.graph.TrainingOp;

/** {@link TrainingOp.UpsampleNearestGradient}, {@link TrainingOp.Pad} and {@link TrainingOp.SumTo}. */
final class MovementGradients {
    private MovementGradients() {}

    static Tensor upsampleNearest(Tensor gradient, TrainingOp.UpsampleNearestGradient op) {
        Tensor result = Tensor.zeros(op.result());
        for (int n = 0; n < gradient.extent(0); n++) {
            for (int row = 0; row < gradient.extent(1); row++) {
                for (int column = 0; column < gradient.extent(2); column++) {
                    for (int c = 0; c < gradient.extent(3); c++) {
                        result.data()[result.at(n, row / 2, column / 2, c)] +=
                                gradient.data()[gradient.at(n, row, column, c)];
                    }
                }
            }
        }
        return result;
    }

    static Tensor pad(Tensor x, TrainingOp.Pad op) {
        Tensor result = Tensor.zeros(op.result());
        for (int i = 0; i < x.data().length; i++) {
            result.data()[Movement.shifted(x, i, op.axis(), Math.toIntExact(op.before()), result)] = x.data()[i];
        }
        return result;
    }

    static Tensor sumTo(Tensor x, TrainingOp.SumTo op) {
        Tensor result = Tensor.zeros(op.result());
        for (int i = 0; i < x.data().length; i++) {
            result.data()[Pointwise.repeated(x, i, result)] += x.data()[i];
        }
        return result;
    }
}
