package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;

/**
 * What an attention reads: keys and values of every position, each {@code [N, S, C]}.
 *
 * @param keys compared with the queries
 * @param values mixed by the scores
 */
public record KeysValues(Value keys, Value values) {
    /** From a context {@code [N, S, width]} by {@code to_k} and {@code to_v}, which have no bias. */
    public static KeysValues of(GraphBuilder at, Value context, long channels) {
        return new KeysValues(
                Linear.withoutBias(at.at("to_k"), context, channels),
                Linear.withoutBias(at.at("to_v"), context, channels));
    }
}
