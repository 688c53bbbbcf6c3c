package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import org.jspecify.annotations.Nullable;

/** {@code BasicTransformerBlock} of diffusers: self-attention, a second attention, and a GEGLU feed forward, each on a residual. */
public final class TransformerBlock {
    /** Added to the variance by all three layer normalisations (diffusers' default {@code norm_eps}). */
    private static final float EPSILON = 1e-5f;

    private TransformerBlock() {}

    /**
     * {@code [N, L, C]} to the same shape, or to {@code [K·N, L, C]} where the context has as many rows.
     *
     * @param context what the second attention reads; null where it is a self-attention too
     * @param bias hides the context's padding, {@code [K·N, 1, S]}; or null
     * @param heads heads of both attentions
     */
    public static Value of(GraphBuilder at, Value x, @Nullable KeysValues context, @Nullable Value bias, int heads) {
        Value hidden = at.add(x, Attention.self(at.at("attn1"), Norms.layer(at.at("norm1"), x, EPSILON), heads));
        if (context != null) {
            // Nothing until here depends on the context.
            hidden = Rows.repeated(at, hidden, context.keys().shape().extent(0));
        }
        hidden = at.add(hidden, second(at, hidden, context, bias, heads));
        return at.add(hidden, feedForward(at.at("ff").at("net"), Norms.layer(at.at("norm3"), hidden, EPSILON)));
    }

    private static Value second(
            GraphBuilder at, Value x, @Nullable KeysValues context, @Nullable Value bias, int heads) {
        Value normalised = Norms.layer(at.at("norm2"), x, EPSILON);
        return context == null
                ? Attention.self(at.at("attn2"), normalised, heads)
                : Attention.cross(at.at("attn2"), normalised, context, bias, heads);
    }

    private static Value feedForward(GraphBuilder at, Value x) {
        long channels = x.shape().last();
        Value gated = at.geglu(Linear.of(at.at(0).at("proj"), x, 8 * channels));
        return Linear.of(at.at(2), gated, channels);
    }
}
