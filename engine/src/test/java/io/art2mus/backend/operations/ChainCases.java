package io.art2mus.backend.operations;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.util.List;

/**
 * Chains that backends fuse, the places where they must not because a result in between is read twice, and enough
 * operations in a row for memory to be used again.
 */
final class ChainCases {
    private static final Window SAME = Window.square(1, 1);

    private ChainCases() {}

    static List<OpCase> all() {
        return List.of(
                new OpCase(
                        "chain, convolution and activation",
                        operands -> operands.graph().silu(convolution(operands))),
                new OpCase("chain, convolution read before and after its activation", operands -> {
                    Value convolved = convolution(operands);
                    Value activated = operands.graph().silu(convolved);
                    return operands.graph().concat(3, List.of(convolved, activated));
                }),
                new OpCase(
                        "chain, convolution and residual",
                        operands -> operands.graph().add(convolution(operands), operands.input(2, 5, 7, 6))),
                new OpCase(
                        "chain, residual and convolution",
                        operands -> operands.graph().add(operands.input(2, 5, 7, 6), convolution(operands))),
                new OpCase("chain, convolution and the result twice", operands -> {
                    Value convolved = convolution(operands);
                    return operands.graph().add(convolved, convolved);
                }),
                new OpCase(
                        "chain, convolution and time embedding",
                        operands -> operands.graph().add(convolution(operands), operands.input(2, 1, 1, 6))),
                new OpCase(
                        "chain, group norm and activation",
                        operands -> operands.graph()
                                .silu(operands.graph()
                                        .groupNorm(
                                                operands.input(2, 5, 3, 12),
                                                operands.parameter(12),
                                                operands.parameter(12),
                                                4,
                                                1e-5f))),
                new OpCase("chain, leaky ReLU, transposed convolution, leaky ReLU", operands -> {
                    GraphBuilder graph = operands.graph();
                    Value x = graph.leakyRelu(operands.input(1, 1, 9, 6), 0.1f);
                    Value longer = graph.convTranspose2d(
                            x, operands.parameter(6, 3, 1, 16), operands.parameter(3), Window.alongWidth(5, 5, 1));
                    return graph.leakyRelu(longer, 0.1f);
                }),
                new OpCase(
                        "chain, linear and GELU", operands -> operands.graph().geluTanh(linear(operands, 24, 31))),
                new OpCase(
                        "chain, linear and residual",
                        operands -> operands.graph().add(linear(operands, 24, 24), operands.input(2, 5, 24))),
                new OpCase(
                        "chain, linear and GEGLU", operands -> operands.graph().geglu(linear(operands, 24, 62))),
                new OpCase(
                        "chain, linear of a SiLU",
                        operands -> operands.graph()
                                .linear(
                                        operands.graph().silu(operands.input(2, 24)),
                                        operands.parameter(7, 24),
                                        operands.parameter(7))),
                new OpCase(
                        "chain, mean of three",
                        operands -> operands.graph()
                                .scale(
                                        operands.graph()
                                                .add(
                                                        operands.graph()
                                                                .add(
                                                                        operands.input(1, 1, 31, 5),
                                                                        operands.input(1, 1, 31, 5)),
                                                        operands.input(1, 1, 31, 5)),
                                        1 / 3f)),
                new OpCase("chain, packed query, key and value", ChainCases::packedAttention),
                new OpCase("chain, ResNet block", ChainCases::resnetBlock));
    }

    private static Value convolution(Operands operands) {
        return operands.graph()
                .conv2d(operands.input(2, 5, 7, 4), operands.parameter(6, 4, 3, 3), operands.parameter(6), SAME);
    }

    private static Value linear(Operands operands, long in, long out) {
        return operands.graph().linear(operands.input(2, 5, in), operands.parameter(out, in), operands.parameter(out));
    }

    private static Value packedAttention(Operands operands) {
        GraphBuilder graph = operands.graph();
        Value packed = linear(operands, 24, 72);
        Value query = graph.slice(packed, 2, 0, 24);
        Value key = graph.slice(packed, 2, 24, 24);
        Value value = graph.slice(packed, 2, 48, 24);
        Value attended = graph.causalAttention(query, key, value, null, 2, 0.3f);
        return graph.linear(attended, operands.parameter(24, 24), operands.parameter(24));
    }

    private static Value resnetBlock(Operands operands) {
        GraphBuilder graph = operands.graph();
        Value x = operands.input(2, 5, 3, 10);
        Value first = graph.conv2d(
                graph.silu(graph.groupNorm(x, operands.parameter(10), operands.parameter(10), 5, 1e-5f)),
                operands.parameter(14, 10, 3, 3),
                operands.parameter(14),
                SAME);
        Value timed = graph.add(first, operands.input(1, 1, 1, 14));
        Value second = graph.conv2d(
                graph.silu(graph.groupNorm(timed, operands.parameter(14), operands.parameter(14), 7, 1e-5f)),
                operands.parameter(14, 14, 3, 3),
                operands.parameter(14),
                SAME);
        Value shortcut = graph.conv2d(x, operands.parameter(14, 10, 1, 1), operands.parameter(14), Window.square(1, 0));
        return graph.add(shortcut, second);
    }
}
