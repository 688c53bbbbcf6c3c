package io.art2mus.backend.cpu;

import io.art2mus.backend.operations.OpCase;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import java.util.List;

/** Convolutions that double their picture themselves, which they do where that is measured to be faster: here always. */
class DoublingConvolutionsTest extends LastWayContract {
    DoublingConvolutionsTest() {
        super(cases());
    }

    private static List<OpCase> cases() {
        return List.of(
                doubled("two wide pictures", Shape.of(2, 9, 21, 16), 32),
                doubled("channels of odd numbers", Shape.of(2, 5, 7, 6), 9),
                doubled("one position", Shape.of(1, 1, 1, 3), 2),
                doubled("one row", Shape.of(1, 1, 19, 5), 4),
                doubled("a tall picture", Shape.of(1, 17, 2, 24), 8),
                new OpCase("doubled, computed kernel", operands -> {
                    GraphBuilder graph = operands.graph();
                    Value large = graph.upsampleNearest(operands.input(1, 4, 6, 5), 8, 12);
                    return graph.conv2d(large, operands.input(3, 5, 3, 3), null, Window.square(1, 1));
                }),
                new OpCase("doubled, less a row and a column", operands -> {
                    GraphBuilder graph = operands.graph();
                    Value large = graph.upsampleNearest(operands.input(1, 4, 6, 5), 7, 11);
                    return graph.conv2d(large, operands.parameter(3, 5, 3, 3), null, Window.square(1, 1));
                }),
                new OpCase("doubled, plus one number a channel, plus a picture, then SiLU", operands -> {
                    GraphBuilder graph = operands.graph();
                    Value large = graph.upsampleNearest(operands.input(2, 4, 6, 5), 8, 12);
                    Value convolved = graph.conv2d(
                            large, operands.parameter(7, 5, 3, 3), operands.parameter(7), Window.square(1, 1));
                    Value moved = graph.add(convolved, operands.input(1, 1, 1, 7));
                    return graph.silu(graph.add(moved, operands.input(2, 8, 12, 7)));
                }));
    }

    private static OpCase doubled(String name, Shape x, long out) {
        return new OpCase("doubled " + name, operands -> {
            GraphBuilder graph = operands.graph();
            Value large = graph.upsampleNearest(operands.input(x.extents()), 2 * x.extent(1), 2 * x.extent(2));
            return graph.conv2d(
                    large, operands.parameter(out, x.last(), 3, 3), operands.parameter(out), Window.square(1, 1));
        });
    }
}
