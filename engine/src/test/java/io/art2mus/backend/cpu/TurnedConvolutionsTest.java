package io.art2mus.backend.cpu;

import io.art2mus.Tolerance;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OpCase;
import io.art2mus.backend.operations.OperationsContract;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.util.List;

/** Pictures that are tall and narrow, and so convolved turned where that is measured to be faster: here always. */
class TurnedConvolutionsTest extends OperationsContract {
    private static final Choices LAST = (question, target, ways) -> ways.size() - 1;

    TurnedConvolutionsTest() {
        super(() -> CpuBackend.open(2, Precision.F32, LAST), Tolerance.OPERATION_F32, cases());
    }

    private static List<OpCase> cases() {
        return List.of(
                turned("3x3", Shape.of(2, 11, 2, 17), 19, 3, 3, Window.square(1, 1)),
                turned("3x3, stride 2", Shape.of(1, 13, 4, 5), 7, 3, 3, Window.square(2, 1)),
                turned(
                        "3x2, another padding on each side",
                        Shape.of(1, 9, 3, 4),
                        2,
                        3,
                        2,
                        new Window(1, 1, 1, 1, 2, 0, 1, 1)),
                turned(
                        "2x3, stride 2 down, dilation 2 across",
                        Shape.of(2, 24, 5, 3),
                        4,
                        2,
                        3,
                        new Window(2, 1, 1, 2, 1, 0, 2, 1)),
                new OpCase("turned 3x3, computed weight, plus one number a channel, plus two pictures", operands -> {
                    GraphBuilder graph = operands.graph();
                    Value tall = operands.input(2, 8, 3, 6);
                    Value convolved =
                            graph.conv2d(tall, operands.input(6, 6, 3, 3), operands.parameter(6), Window.square(1, 1));
                    Value moved = graph.add(convolved, operands.input(1, 1, 1, 6));
                    return graph.add(graph.add(moved, tall), operands.input(2, 8, 3, 6));
                }));
    }

    private static OpCase turned(String name, Shape x, long out, long height, long width, Window window) {
        return new OpCase(
                "turned " + name,
                operands -> operands.graph()
                        .conv2d(
                                operands.input(x.extents()),
                                operands.parameter(out, x.last(), height, width),
                                operands.parameter(out),
                                window));
    }
}
