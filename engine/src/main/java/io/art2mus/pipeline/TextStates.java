package io.art2mus.pipeline;

import io.art2mus.encoder.ClapText;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.FlanT5;
import io.art2mus.encoder.Tokenizer;
import io.art2mus.encoder.Tokens;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * What the two text encoders make of an artwork's road: the negative prompt for the language of audio, and the pair of rows that the
 * T-UNet's second stream reads.
 *
 * @param negativeClap CLAP's embedding of the negative prompt, {@code [1, width]}
 * @param negativeT5 FLAN-T5's states of the negative prompt, cut to one token as the reference does, {@code [1, 1, width]}
 * @param pair FLAN-T5's states of the negative prompt and of the artwork sentence, {@code [2, L, width]}
 * @param bias 0 where {@code pair} has a token, −10000 at its padding, {@code [2, 1, L]}
 */
record TextStates(HostTensor negativeClap, HostTensor negativeT5, HostTensor pair, HostTensor bias) {
    /** What the T-UNet is told of every artwork. */
    private static final String ARTWORK_SENTENCE = "Music representing the content of this artwork";

    private static final float HIDDEN = -10000;

    /** Runs both encoders; results are owned by {@code arena}. */
    static TextStates encode(EncoderRuntime runtime, Checkpoint checkpoint, String negativePrompt, Arena arena) {
        HostTensor clap;
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint.part("tokenizer"));
                ClapText encoder = ClapText.open(runtime, checkpoint.part("text_encoder"))) {
            Tokens tokens = tokenizer.encode(arena, List.of(negativePrompt), tokenizer.longestText());
            clap = encoder.encode(arena, tokens);
        }
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint.part("tokenizer_2"));
                FlanT5 encoder = FlanT5.open(runtime, checkpoint.part("text_encoder_2"))) {
            Tokens sentence = tokenizer.encode(arena, List.of(ARTWORK_SENTENCE));
            int length = Math.toIntExact(sentence.length());
            Tokens pair = tokenizer.encode(arena, List.of(negativePrompt, ARTWORK_SENTENCE), length);
            Tokens cut = tokenizer.encode(arena, List.of(negativePrompt), 1);
            return new TextStates(
                    clap, encoder.encode(arena, cut), encoder.encode(arena, pair), bias(pair, arena));
        }
    }

    private static HostTensor bias(Tokens tokens, Arena arena) {
        HostTensor bias = HostTensor.allocate(arena, Shape.of(tokens.texts(), 1, tokens.length()));
        for (long text = 0; text < tokens.texts(); text++) {
            for (long position = 0; position < tokens.length(); position++) {
                bias.set(text * tokens.length() + position, tokens.isOwn(text, position) ? 0 : HIDDEN);
            }
        }
        return bias;
    }
}
