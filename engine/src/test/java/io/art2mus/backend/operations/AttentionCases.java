package io.art2mus.backend.operations;

import io.art2mus.graph.Value;
import java.util.List;

/** Attention: head widths that are no powers of two, one key and thousands, every shape of bias, causal or not. */
final class AttentionCases {
    private AttentionCases() {}

    static List<OpCase> all() {
        return List.of(
                plain("one of everything", 1, 1, 1, 1, 1),
                plain("one key", 2, 5, 1, 24, 2),
                plain("one query", 1, 1, 13, 24, 2),
                plain("head width 1", 1, 5, 7, 3, 3),
                plain("head width 12", 2, 7, 11, 36, 3),
                plain("head width 20", 1, 17, 13, 40, 2),
                plain("head width 24", 1, 9, 31, 48, 2),
                plain("head width 40", 2, 5, 19, 80, 2),
                plain("head width 48", 1, 8, 16, 96, 2),
                plain("head width 64", 1, 16, 77, 128, 2),
                plain("head width 67, one head", 1, 21, 21, 67, 1),
                plain("head width 80", 1, 7, 33, 160, 2),
                plain("more queries than keys", 1, 131, 3, 32, 2),
                plain("4096 keys", 1, 3, 4096, 24, 2),
                new OpCase("attention, one tensor as query, key and value", operands -> {
                    Value x = operands.input(2, 11, 36);
                    return operands.graph().attention(x, x, x, null, 3, 0.3f);
                }),
                new OpCase(
                        "attention, sharp scores",
                        operands -> operands.graph()
                                .attention(
                                        operands.input(1, 6, 24),
                                        operands.input(1, 9, 24),
                                        operands.input(1, 9, 24),
                                        null,
                                        2,
                                        8)),
                biased("bias [1, 1, S]", 1, 1),
                biased("bias [N, 1, S]", 2, 1),
                biased("bias [1, L, S]", 1, 5),
                biased("bias [N, L, S]", 2, 5),
                new OpCase(
                        "attention, hidden keys",
                        operands -> operands.graph()
                                .attention(
                                        operands.input(2, 5, 24),
                                        operands.input(2, 13, 24),
                                        operands.input(2, 13, 24),
                                        operands.mask(2, 1, 13),
                                        2,
                                        0.3f)),
                causal("one position", 1, 1, 24, 2),
                causal("prime length", 2, 17, 36, 3),
                causal("longer than a tile", 1, 67, 64, 1),
                new OpCase(
                        "causal attention, hidden keys",
                        operands -> operands.graph()
                                .causalAttention(
                                        operands.input(2, 9, 24),
                                        operands.input(2, 9, 24),
                                        operands.input(2, 9, 24),
                                        operands.mask(2, 1, 9),
                                        2,
                                        0.3f)),
                new OpCase(
                        "causal attention, bias [1, L, S]",
                        operands -> operands.graph()
                                .causalAttention(
                                        operands.input(2, 9, 24),
                                        operands.input(2, 9, 24),
                                        operands.input(2, 9, 24),
                                        operands.input(1, 9, 9),
                                        2,
                                        0.3f)));
    }

    private static OpCase plain(String name, long rows, long queries, long keys, long width, int heads) {
        return new OpCase(
                "attention, " + name,
                operands -> operands.graph()
                        .attention(
                                operands.input(rows, queries, width),
                                operands.input(rows, keys, width),
                                operands.input(rows, keys, width),
                                null,
                                heads,
                                scale(width, heads)));
    }

    private static OpCase biased(String name, long biasRows, long biasQueries) {
        return new OpCase(
                "attention, " + name,
                operands -> operands.graph()
                        .attention(
                                operands.input(2, 5, 24),
                                operands.input(2, 7, 24),
                                operands.input(2, 7, 24),
                                operands.input(biasRows, biasQueries, 7),
                                2,
                                0.3f));
    }

    private static OpCase causal(String name, long rows, long positions, long width, int heads) {
        return new OpCase(
                "causal attention, " + name,
                operands -> operands.graph()
                        .causalAttention(
                                operands.input(rows, positions, width),
                                operands.input(rows, positions, width),
                                operands.input(rows, positions, width),
                                null,
                                heads,
                                scale(width, heads)));
    }

    private static float scale(long width, int heads) {
        return (float) (1 / Math.sqrt((double) width / heads));
    }
}
