package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import org.jspecify.annotations.Nullable;

/** Multi-head attention of diffusers' transformer blocks: {@code to_q}, {@code to_k}, {@code to_v} without bias, {@code to_out.0}. */
public final class Attention {
    private Attention() {}

    /** Every position of {@code x [N, L, C]} attends to all of them. */
    public static Value self(GraphBuilder at, Value x, int heads) {
        return cross(at, x, KeysValues.of(at, x, x.shape().last()), null, heads);
    }

    /**
     * Positions of {@code x [N, L, C]} attend to a context.
     *
     * @param context its keys and values
     * @param bias added to the scores, {@code [N, 1, S]}: hides the padding; or null
     */
    public static Value cross(GraphBuilder at, Value x, KeysValues context, @Nullable Value bias, int heads) {
        long channels = x.shape().last();
        Value queries = Linear.withoutBias(at.at("to_q"), x, channels);
        Value mixed = at.attention(queries, context.keys(), context.values(), bias, heads, scale(channels, heads));
        return Linear.of(at.at("to_out").at(0), mixed, channels);
    }

    /** {@code 1 / √(channels per head)}. */
    public static float scale(long channels, int heads) {
        return (float) (1 / Math.sqrt((double) channels / heads));
    }
}
