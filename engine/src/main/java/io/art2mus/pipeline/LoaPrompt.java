package io.art2mus.pipeline;

import io.art2mus.graph.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * What GPT-2 continues into the language of audio: a text, a picture, or a text and then a picture.
 *
 * @param words the text as both encoders see it; null for a picture alone
 * @param picture whether a picture's embedding follows, which is given when the prompt is translated
 */
record LoaPrompt(@Nullable Words words, boolean picture) {
    /**
     * A text as both encoders see it.
     *
     * @param clap {@code [1, width]}
     * @param t5 states, perhaps padded
     */
    record Words(HostTensor clap, EncodedText t5) {}
}
