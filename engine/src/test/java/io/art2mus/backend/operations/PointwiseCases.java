package io.art2mus.backend.operations;

import io.art2mus.graph.DType;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Functions of single elements on both tails, and sums whose second operand repeats along every choice of axes. */
final class PointwiseCases {
    private PointwiseCases() {}

    static List<OpCase> all() {
        return Stream.of(
                        function("silu", GraphBuilder::silu),
                        function("gelu", GraphBuilder::gelu),
                        function("geluTanh", GraphBuilder::geluTanh),
                        function("tanh", GraphBuilder::tanh),
                        function("leakyRelu 0.1", (graph, x) -> graph.leakyRelu(x, 0.1f)),
                        function("leakyRelu 0.01", (graph, x) -> graph.leakyRelu(x, 0.01f)),
                        function("scale by -0.18215", (graph, x) -> graph.scale(x, -0.18215f)),
                        List.of(
                                geglu("one channel", Shape.of(1, 2)),
                                geglu("prime extents", Shape.of(2, 5, 26)),
                                geglu("129 channels", Shape.of(3, 258)),
                                geglu("four axes", Shape.of(2, 3, 2, 16)),
                                add("of equal shapes", Shape.of(2, 3, 5, 7), Shape.of(2, 3, 5, 7)),
                                add("a number a channel", Shape.of(2, 3, 5, 7), Shape.of(1, 1, 1, 7)),
                                add(
                                        "a number a channel and row of the batch",
                                        Shape.of(2, 3, 5, 16),
                                        Shape.of(2, 1, 1, 16)),
                                add("a number a position", Shape.of(2, 3, 5, 7), Shape.of(1, 3, 5, 1)),
                                add("a number a row", Shape.of(2, 3, 5, 7), Shape.of(1, 3, 1, 1)),
                                add("one number", Shape.of(2, 3, 5, 7), Shape.of(1, 1, 1, 1)),
                                add("a table to a batch", Shape.of(2, 11, 13), Shape.of(1, 11, 13)),
                                add("of two axes", Shape.of(1, 1031), Shape.of(1, 1031)),
                                new OpCase("add, a tensor to itself", operands -> {
                                    Value x = operands.input(3, 7);
                                    return operands.graph().add(x, x);
                                }),
                                new OpCase(
                                        "add, a parameter",
                                        operands -> operands.graph()
                                                .add(operands.input(2, 5, 7), operands.parameter(1, 5, 7))),
                                new OpCase("add, a parameter stored transposed, twice", operands -> {
                                    Value parameter = operands.transposed(DType.F32, 5, 7);
                                    Value sum = operands.graph().add(operands.input(5, 7), parameter);
                                    return operands.graph().add(sum, parameter);
                                }),
                                new OpCase(
                                        "add, a parameter stored transposed in f16",
                                        operands -> operands.graph()
                                                .add(operands.input(5, 7), operands.transposed(DType.F16, 5, 7)))))
                .flatMap(List::stream)
                .toList();
    }

    private static List<OpCase> function(String name, BiFunction<GraphBuilder, Value, Value> append) {
        return List.of(
                new OpCase(name + ", one number", operands -> append.apply(operands.graph(), operands.input(1, 1))),
                new OpCase(
                        name + ", four axes", operands -> append.apply(operands.graph(), operands.input(2, 3, 5, 7))),
                new OpCase(
                        name + ", far tails",
                        operands ->
                                append.apply(operands.graph(), operands.graph().scale(operands.input(1, 1031), 20))));
    }

    private static OpCase geglu(String name, Shape x) {
        return new OpCase("geglu, " + name, operands -> operands.graph().geglu(operands.input(x.extents())));
    }

    private static OpCase add(String name, Shape a, Shape b) {
        return new OpCase(
                "add, " + name,
                operands -> operands.graph().add(operands.input(a.extents()), operands.input(b.extents())));
    }
}
