package io.art2mus.backend.operations;

import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Operations that only move elements, along every axis. */
final class MovementCases {
    private MovementCases() {}

    static List<OpCase> all() {
        return Stream.of(concats(), slices(), upsamplings(), reshapes(), selections())
                .flatMap(List::stream)
                .toList();
    }

    private static List<OpCase> concats() {
        List<OpCase> cases = new ArrayList<>();
        Shape shape = Shape.of(2, 3, 5, 7);
        for (int axis = 0; axis < shape.rank(); axis++) {
            cases.add(concat("axis " + axis + " of four", axis, shape, shape.with(axis, 1), shape.with(axis, 4)));
        }
        cases.add(concat("one part", 1, Shape.of(3, 5)));
        cases.add(concat("tokens", 1, Shape.of(2, 1, 24), Shape.of(2, 5, 24), Shape.of(2, 2, 24)));
        cases.add(concat("skip connection", 3, Shape.of(2, 5, 4, 48), Shape.of(2, 5, 4, 31)));
        cases.add(new OpCase("concat, a tensor with itself", operands -> {
            Value x = operands.input(2, 3, 5);
            return operands.graph().concat(0, List.of(x, x));
        }));
        return cases;
    }

    private static OpCase concat(String name, int axis, Shape... parts) {
        return new OpCase(
                "concat, " + name,
                operands -> operands.graph()
                        .concat(
                                axis,
                                Stream.of(parts)
                                        .map(part -> operands.input(part.extents()))
                                        .toList()));
    }

    private static List<OpCase> slices() {
        List<OpCase> cases = new ArrayList<>();
        Shape shape = Shape.of(3, 4, 5, 7);
        for (int axis = 0; axis < shape.rank(); axis++) {
            long extent = shape.extent(axis);
            cases.add(slice("first of axis " + axis, shape, axis, 0, 1));
            cases.add(slice("middle of axis " + axis, shape, axis, 1, extent - 2));
            cases.add(slice("last of axis " + axis, shape, axis, extent - 1, 1));
        }
        cases.add(slice("all of it", Shape.of(2, 5), 1, 0, 5));
        cases.add(slice("one head's third of a packed product", Shape.of(2, 5, 72), 2, 24, 24));
        return cases;
    }

    private static OpCase slice(String name, Shape x, int axis, long start, long length) {
        return new OpCase(
                "slice, " + name, operands -> operands.graph().slice(operands.input(x.extents()), axis, start, length));
    }

    private static List<OpCase> upsamplings() {
        return List.of(
                upsample("doubled", 2, 3, 5, 6, 10),
                upsample("odd height", 1, 3, 5, 5, 10),
                upsample("odd width", 1, 3, 5, 6, 9),
                upsample("odd height and width", 2, 3, 5, 5, 9),
                upsample("one position", 1, 1, 1, 2, 2),
                upsample("one position stays", 1, 1, 1, 1, 1));
    }

    private static OpCase upsample(String name, long rows, long height, long width, long newHeight, long newWidth) {
        return new OpCase(
                "upsampleNearest, " + name,
                operands ->
                        operands.graph().upsampleNearest(operands.input(rows, height, width, 7), newHeight, newWidth));
    }

    private static List<OpCase> reshapes() {
        return List.of(
                new OpCase(
                        "reshape, an input",
                        operands -> operands.graph().reshape(operands.input(2, 3, 5, 7), 2, 15, 7)),
                new OpCase("reshape, of a reshape", operands -> {
                    Value flat = operands.graph().reshape(operands.input(2, 3, 5), 30);
                    return operands.graph().reshape(flat, 5, 3, 2);
                }),
                new OpCase("reshape, between operations", operands -> {
                    Value sum = operands.graph().add(operands.input(2, 3, 4), operands.input(2, 3, 4));
                    return operands.graph().tanh(operands.graph().reshape(sum, 6, 4));
                }),
                new OpCase("reshape, read under both shapes", operands -> {
                    Value sum = operands.graph().add(operands.input(2, 6), operands.input(2, 6));
                    Value wide = operands.graph().tanh(operands.graph().reshape(sum, 1, 12));
                    return operands.graph().add(operands.graph().reshape(wide, 2, 6), sum);
                }));
    }

    private static List<OpCase> selections() {
        return List.of(
                select("first row", Shape.of(5, 7), 0),
                select("middle row", Shape.of(5, 7), 2),
                select("last row", Shape.of(5, 7), 4),
                select("the only row", Shape.of(1, 33), 0),
                select("three axes", Shape.of(4, 2, 13), 3),
                new OpCase(
                        "selectRow, of a parameter",
                        operands -> operands.graph().selectRow(operands.parameter(6, 11), operands.position(5))));
    }

    private static OpCase select(String name, Shape table, int position) {
        return new OpCase(
                "selectRow, " + name,
                operands -> operands.graph().selectRow(operands.input(table.extents()), operands.position(position)));
    }
}
