package io.art2mus.backend.operations;

import io.art2mus.graph.DType;
import io.art2mus.graph.Shape;
import java.util.List;

/** Normalisations from one group to a group a channel, and from one channel to more than a tile of them. */
final class NormalisationCases {
    private NormalisationCases() {}

    static List<OpCase> all() {
        return List.of(
                groupNorm("one group", Shape.of(2, 3, 5, 7), 1),
                groupNorm("a group a channel", Shape.of(2, 3, 5, 7), 7),
                groupNorm("groups of three", Shape.of(1, 5, 3, 15), 5),
                groupNorm("32 groups of 2", Shape.of(2, 4, 5, 64), 32),
                groupNorm("32 groups of 10, prime extents", Shape.of(1, 13, 11, 320), 32),
                groupNorm("one position", Shape.of(2, 1, 1, 12), 3),
                groupNorm("one channel", Shape.of(1, 7, 9, 1), 1),
                new OpCase(
                        "groupNorm, mean of twenty deviations",
                        operands -> operands.graph()
                                .groupNorm(
                                        operands.raised(2, 5, 7, 24),
                                        operands.parameter(24),
                                        operands.parameter(24),
                                        4,
                                        1e-6f)),
                new OpCase(
                        "groupNorm, computed scale and shift",
                        operands -> operands.graph()
                                .groupNorm(operands.input(2, 3, 5, 6), operands.input(6), operands.input(6), 3, 1e-6f)),
                new OpCase(
                        "layerNorm, scale and shift stored with gaps",
                        operands -> operands.graph()
                                .layerNorm(
                                        operands.input(5, 13),
                                        operands.spread(DType.F32, 13, 3),
                                        operands.spread(DType.BF16, 13, 2),
                                        1e-5f)),
                layerNorm("two channels", Shape.of(5, 2)),
                layerNorm("prime extents", Shape.of(3, 37)),
                layerNorm("three axes", Shape.of(2, 5, 96)),
                layerNorm("four axes", Shape.of(2, 3, 5, 24)),
                layerNorm("768 channels", Shape.of(1, 3, 768)));
    }

    private static OpCase groupNorm(String name, Shape x, int groups) {
        return new OpCase(
                "groupNorm, " + name,
                operands -> operands.graph()
                        .groupNorm(
                                operands.input(x.extents()),
                                operands.parameter(x.last()),
                                operands.parameter(x.last()),
                                groups,
                                1e-6f));
    }

    private static OpCase layerNorm(String name, Shape x) {
        return new OpCase(
                "layerNorm, " + name,
                operands -> operands.graph()
                        .layerNorm(
                                operands.input(x.extents()),
                                operands.parameter(x.last()),
                                operands.parameter(x.last()),
                                1e-5f));
    }
}
