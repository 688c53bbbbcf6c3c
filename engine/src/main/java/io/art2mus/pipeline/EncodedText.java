package io.art2mus.pipeline;

import io.art2mus.encoder.Tokens;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/**
 * FLAN-T5's states of one text.
 *
 * @param states {@code [1, L, width]}, padding included
 * @param bias 0 at a token, −10000 at padding, {@code [1, 1, L]}
 */
record EncodedText(HostTensor states, HostTensor bias) {
    /** What the T-UNet's attention and GPT-2's add to the score of a token that is not there. */
    private static final float HIDDEN = -10000;

    /** States with the bias that their tokens' mask says. */
    static EncodedText of(HostTensor states, Tokens tokens, Arena arena) {
        HostTensor bias = HostTensor.allocate(arena, Shape.of(1, 1, tokens.length()));
        for (long position = 0; position < tokens.length(); position++) {
            bias.set(position, tokens.isOwn(0, position) ? 0 : HIDDEN);
        }
        return new EncodedText(states, bias);
    }

    /** Tokens, padding included. */
    int length() {
        return Math.toIntExact(states.shape().extent(1));
    }

    /** Whether some of the tokens are padding. */
    boolean isPadded() {
        return bias.get(length() - 1) != 0;
    }

    /** The same text with one more token at its end, {@code [1, width]}, that is not hidden. */
    EncodedText with(HostTensor token, Arena arena) {
        Shape longer = states.shape().with(1, length() + 1);
        HostTensor all = HostTensor.allocate(arena, longer);
        all.data().copyFrom(states.data());
        all.data().asSlice(states.data().byteSize()).copyFrom(token.data());
        HostTensor longerBias = HostTensor.allocate(arena, bias.shape().withLast(length() + 1));
        longerBias.data().copyFrom(bias.data());
        return new EncodedText(all, longerBias);
    }
}
