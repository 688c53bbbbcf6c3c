package io.art2mus.model;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import io.art2mus.nn.Linear;

/**
 * The trainable layer of Art2Mus: an artwork's ImageBind embedding to one or more tokens that GPT-2 reads.
 *
 * @param hidden width between the two Linears: 1536 in the published layers
 * @param tokens tokens for one picture: 1 in Art2Mus, 4 in Art2Mus-4
 */
public record ImageProjection(long hidden, int tokens) {
    /**
     * {@code [N, in]} to {@code [N, tokens, width]}.
     *
     * @param at the root of the layer's parameters, {@code projection1} and {@code projection2}
     */
    public Value of(GraphBuilder at, Value embedding, long width) {
        Value between = at.tanh(Linear.of(at.at("projection1"), embedding, hidden));
        Value flat = Linear.of(at.at("projection2"), between, width * tokens);
        return at.reshape(flat, embedding.shape().extent(0), tokens, width);
    }
}
