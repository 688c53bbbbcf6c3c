package io.art2mus.backend.operations;

import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The ways back through operations, and what errors are measured with. */
final class TrainingCases {
    private TrainingCases() {}

    static List<OpCase> all() {
        return Stream.of(products(), attentions(), normalisations(), functions(), movements(), losses())
                .flatMap(List::stream)
                .toList();
    }

    private static List<OpCase> products() {
        return List.of(
                of("linear backward, a parameter", operands -> {
                    Value gradient = operands.input(2, 5, 31);
                    return new TrainingOp.LinearInputGradient(gradient, operands.parameter(31, 24));
                }),
                of("linear backward, a computed weight", operands -> {
                    Value gradient = operands.input(3, 13);
                    return new TrainingOp.LinearInputGradient(gradient, operands.input(13, 7));
                }),
                new OpCase("linear forward and backward, a square parameter", operands -> {
                    Value weight = operands.parameter(48, 48);
                    Value there = operands.graph().linear(operands.input(5, 48), weight, null);
                    Value back = operands.graph()
                            .training(() -> new TrainingOp.LinearInputGradient(operands.input(5, 48), weight));
                    return operands.graph().add(there, back);
                }),
                new OpCase("linear backward and sum", operands -> {
                    Value gradient = operands.input(2, 5, 31);
                    Value weight = operands.parameter(31, 24);
                    Value back = operands.graph().training(() -> new TrainingOp.LinearInputGradient(gradient, weight));
                    return operands.graph().add(back, operands.input(2, 5, 24));
                }),
                of("linear backward, to the weight", operands -> {
                    Value x = operands.input(2, 5, 24);
                    return new TrainingOp.LinearWeightGradient(x, operands.input(2, 5, 31));
                }),
                of("linear backward, to the weight, one row", operands -> {
                    Value x = operands.input(1, 24);
                    return new TrainingOp.LinearWeightGradient(x, operands.input(1, 7));
                }));
    }

    private static List<OpCase> attentions() {
        return List.of(
                attention("one head", Shape.of(1, 5, 24), 7, 1, false, true),
                attention("three heads, two rows", Shape.of(2, 5, 36), 13, 3, false, true),
                attention("queries alone", Shape.of(2, 5, 24), 13, 2, false, false),
                attention("causal", Shape.of(2, 9, 24), 9, 2, true, true),
                attention("one query, one key", Shape.of(2, 1, 16), 1, 2, false, true),
                attention("heads beyond a tile", Shape.of(1, 401, 48), 911, 3, false, true),
                of("attention backward, hidden keys", operands -> {
                    Value query = operands.input(2, 5, 24);
                    Value key = operands.input(2, 13, 24);
                    Value value = operands.input(2, 13, 24);
                    Value mask = operands.mask(2, 1, 13);
                    Op.Attention forward = new Op.Attention(query, key, value, mask, 2, 0.3f, false);
                    return new TrainingOp.AttentionGradient(forward, operands.input(2, 5, 24), true);
                }));
    }

    private static OpCase attention(String name, Shape queries, long keys, int heads, boolean causal, boolean context) {
        return of("attention backward, " + name, operands -> {
            long[] states = queries.with(1, keys).extents();
            float scale = (float) (1 / Math.sqrt((double) queries.last() / heads));
            Op.Attention forward = new Op.Attention(
                    operands.input(queries.extents()),
                    operands.input(states),
                    operands.input(states),
                    null,
                    heads,
                    scale,
                    causal);
            return new TrainingOp.AttentionGradient(forward, operands.input(queries.extents()), context);
        });
    }

    private static List<OpCase> normalisations() {
        return List.of(
                groupNorm("one group", Shape.of(2, 3, 5, 7), 1, false),
                groupNorm("a group a channel", Shape.of(2, 3, 5, 7), 7, false),
                groupNorm("groups of three", Shape.of(1, 5, 3, 15), 5, false),
                groupNorm("32 groups of 2", Shape.of(2, 4, 5, 64), 32, false),
                groupNorm("a mean of twenty deviations", Shape.of(2, 5, 3, 12), 4, true),
                layerNorm("prime extents", Shape.of(2, 5, 31)),
                layerNorm("two rows", Shape.of(2, 48)),
                layerNorm("129 channels", Shape.of(3, 129)));
    }

    private static OpCase groupNorm(String name, Shape shape, int groups, boolean raised) {
        return of("group norm backward, " + name, operands -> {
            Value x = raised ? operands.raised(shape.extents()) : operands.input(shape.extents());
            Op.GroupNorm forward = new Op.GroupNorm(
                    x, operands.parameter(shape.last()), operands.parameter(shape.last()), groups, 1e-5f);
            return new TrainingOp.GroupNormGradient(forward, operands.input(shape.extents()));
        });
    }

    private static OpCase layerNorm(String name, Shape shape) {
        return of("layer norm backward, " + name, operands -> {
            Op.LayerNorm forward = new Op.LayerNorm(
                    operands.input(shape.extents()),
                    operands.parameter(shape.last()),
                    operands.parameter(shape.last()),
                    1e-5f);
            return new TrainingOp.LayerNormGradient(forward, operands.input(shape.extents()));
        });
    }

    private static List<OpCase> functions() {
        return Stream.concat(
                        Stream.of(Op.Elementwise.Function.values())
                                .map(function -> of(function + " backward, far tails", operands -> {
                                    Value x = operands.graph().scale(operands.input(3, 1031), 5);
                                    Op.Elementwise forward = new Op.Elementwise(x, function);
                                    return new TrainingOp.ElementwiseGradient(forward, operands.input(3, 1031));
                                })),
                        Stream.of(
                                geglu("prime extents", Shape.of(2, 5, 26)),
                                geglu("one channel", Shape.of(1, 2)),
                                geglu("129 channels", Shape.of(3, 258))))
                .toList();
    }

    private static OpCase geglu(String name, Shape shape) {
        return of("geglu backward, " + name, operands -> {
            Value x = operands.graph().scale(operands.input(shape.extents()), 3);
            return new TrainingOp.GegluGradient(
                    new Op.Geglu(x),
                    operands.input(shape.withLast(shape.last() / 2).extents()));
        });
    }

    private static List<OpCase> movements() {
        return List.of(
                one(
                        "up-sampling backward, doubled",
                        Shape.of(2, 6, 4, 5),
                        x -> new TrainingOp.UpsampleNearestGradient(x)),
                one(
                        "up-sampling backward, odd extents",
                        Shape.of(2, 5, 7, 3),
                        x -> new TrainingOp.UpsampleNearestGradient(x)),
                one("pad, the innermost axis", Shape.of(2, 3, 5), x -> new TrainingOp.Pad(x, 2, 2, 1)),
                one("pad, an outer axis", Shape.of(2, 3, 5), x -> new TrainingOp.Pad(x, 1, 1, 3)),
                one("pad, nothing", Shape.of(2, 3), x -> new TrainingOp.Pad(x, 0, 0, 0)),
                one("sum, of all rows", Shape.of(2, 5, 31), x -> new TrainingOp.SumTo(x, Shape.of(1, 1, 31))),
                one("sum, of two axes", Shape.of(2, 3, 5, 7), x -> new TrainingOp.SumTo(x, Shape.of(1, 3, 5, 1))),
                one("sum, of everything", Shape.of(3, 11), x -> new TrainingOp.SumTo(x, Shape.of(1, 1))),
                new OpCase("sums in float32", operands -> {
                    Value a = float32(operands, 2, 3, 5);
                    Value b = float32(operands, 1, 3, 5);
                    return operands.graph().scale(operands.graph().add(a, b), -2.5f);
                }));
    }

    private static List<OpCase> losses() {
        return List.of(
                of(
                        "mean squared error",
                        operands -> new TrainingOp.MeanSquaredError(
                                float32(operands, 3, 5, 2, 7), float32(operands, 3, 5, 2, 7))),
                of("mean squared error backward", operands -> {
                    Value seed = operands.graph().reshape(float32(operands, 3, 1), 3);
                    TrainingOp.MeanSquaredError forward =
                            new TrainingOp.MeanSquaredError(float32(operands, 3, 11), float32(operands, 3, 11));
                    return new TrainingOp.MeanSquaredErrorGradient(forward, seed);
                }));
    }

    private static Value float32(Operands operands, long... extents) {
        Value x = operands.input(extents);
        return operands.graph().training(() -> new TrainingOp.Convert(x, Value.Kind.FLOAT32));
    }

    private static OpCase one(String name, Shape shape, Function<Value, TrainingOp> operation) {
        return of(name, operands -> operation.apply(operands.input(shape.extents())));
    }

    private static OpCase of(String name, Function<Operands, TrainingOp> operation) {
        return new OpCase(name, operands -> operands.graph().training(() -> operation.apply(operands)));
    }
}
