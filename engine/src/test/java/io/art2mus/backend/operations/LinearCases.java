package io.art2mus.backend.operations;

import io.art2mus.graph.DType;
import io.art2mus.graph.Shape;
import java.util.List;

/** Linear layers on two to four axes, and the views that GPT-2's packed and transposed weights are taken by. */
final class LinearCases {
    private LinearCases() {}

    static List<OpCase> all() {
        return List.of(
                linear("one number", Shape.of(1, 1), 1),
                linear("prime extents", Shape.of(7, 13), 11),
                linear("one row", Shape.of(1, 257), 129),
                linear("one output", Shape.of(5, 31), 1),
                linear("one input", Shape.of(5, 1), 31),
                linear("three axes", Shape.of(2, 5, 24), 40),
                linear("four axes", Shape.of(2, 3, 5, 8), 7),
                linear("whole tiles", Shape.of(32, 64), 48),
                new OpCase(
                        "linear, no bias",
                        operands -> operands.graph().linear(operands.input(3, 17), operands.parameter(19, 17), null)),
                new OpCase(
                        "linear, weight stored in f16",
                        operands -> operands.graph()
                                .linear(
                                        operands.input(3, 17),
                                        operands.parameter(DType.F16, 19, 17),
                                        operands.parameter(DType.F16, 19))),
                new OpCase(
                        "linear, weight stored in bf16",
                        operands -> operands.graph()
                                .linear(
                                        operands.input(3, 17),
                                        operands.parameter(DType.BF16, 19, 17),
                                        operands.parameter(DType.BF16, 19))),
                new OpCase(
                        "linear, weight stored transposed",
                        operands -> operands.graph()
                                .linear(
                                        operands.input(3, 17),
                                        operands.transposed(DType.F32, 19, 17),
                                        operands.parameter(19))),
                new OpCase(
                        "linear, weight stored transposed in f16",
                        operands -> operands.graph()
                                .linear(
                                        operands.input(3, 17),
                                        operands.transposed(DType.F16, 19, 17),
                                        operands.parameter(19))),
                new OpCase(
                        "linear, computed weight and bias",
                        operands -> operands.graph()
                                .linear(operands.input(3, 17), operands.input(19, 17), operands.input(19))),
                new OpCase(
                        "linear, weight is the last rows of another",
                        operands -> operands.graph()
                                .linear(
                                        operands.input(3, 17),
                                        operands.rows(DType.F32, 5, 19, 17),
                                        operands.parameter(19))));
    }

    private static OpCase linear(String name, Shape x, long out) {
        return new OpCase(
                "linear, " + name,
                operands -> operands.graph()
                        .linear(
                                operands.input(x.extents()),
                                operands.parameter(out, x.last()),
                                operands.parameter(out)));
    }
}
