package io.art2mus.backend.cpu;

import io.art2mus.ffi.onednn.BinaryAlgorithm;
import io.art2mus.ffi.onednn.EltwiseAlgorithm;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;

/** What is done to a primitive's result before it is written. */
sealed interface PostOperation {
    /** A function of each element; what {@code alpha} means depends on it. */
    record Function(EltwiseAlgorithm algorithm, float alpha) implements PostOperation {
        static Function of(Op.Elementwise op) {
            EltwiseAlgorithm algorithm = switch (op.function()) {
                case SILU -> EltwiseAlgorithm.SWISH;
                case GELU -> EltwiseAlgorithm.GELU_ERF;
                case GELU_TANH -> EltwiseAlgorithm.GELU_TANH;
                case TANH -> EltwiseAlgorithm.TANH;
            };
            return new Function(algorithm, 1);
        }

        static Function of(Op.LeakyRelu op) {
            return new Function(EltwiseAlgorithm.RELU, op.slope());
        }

        static Function of(Op.Scale op) {
            return new Function(EltwiseAlgorithm.LINEAR, op.factor());
        }
    }

    /** A sum or product with a tensor of the result's shape, or with one number a channel. */
    record Combination(BinaryAlgorithm algorithm, Value operand) implements PostOperation {}
}
