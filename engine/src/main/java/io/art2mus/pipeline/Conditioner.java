package io.art2mus.pipeline;

import io.art2mus.backend.Backend;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.Tokens;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.pipeline.LoaPrompt.Words;
import io.art2mus.pipeline.Progress.Stage;
import io.art2mus.pipeline.TextEncoders.Reader;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a wish means to the T-UNet: language-of-audio tokens and FLAN-T5's states, of the negative prompt and of the wish itself. The
 * texts are read once, when it is opened; what a picture adds is computed for each.
 *
 * <p>How the two texts' lengths depend on each other is the reference's doing, quirks included; docs/reference.md, section 1.
 */
final class Conditioner implements AutoCloseable {
    /** What the T-UNet's second stream is told of every artwork that comes without words. */
    private static final String ARTWORK_SENTENCE = "Music representing the content of this artwork";

    private final HandleScope scope;
    private final LanguageOfAudio languageOfAudio;
    private final EncodedText states;
    private final @Nullable EncodedText negativeStates;
    private final boolean appendsPicture;

    private Conditioner(HandleScope scope, LanguageOfAudio languageOfAudio, Texts texts) {
        this.scope = scope;
        this.languageOfAudio = languageOfAudio;
        this.states = texts.states();
        this.negativeStates = texts.negativeStates();
        this.appendsPicture = texts.appendsPicture();
    }

    /** Runs the text encoders, and opens what translates into the language of audio. */
    static Conditioner open(
            Backend backend,
            EncoderRuntime runtime,
            Checkpoint checkpoint,
            Wish wish,
            @Nullable UserCache cache,
            Progress progress) {
        try (HandleScope opening = new HandleScope()) {
            Arena arena = opening.own(Arena.ofConfined());
            progress.begin(Stage.TEXT);
            Texts texts = Texts.encode(runtime, checkpoint, wish, cache, progress, arena);
            progress.begin(Stage.LANGUAGE_OF_AUDIO);
            LanguageOfAudio languageOfAudio = opening.own(
                    LanguageOfAudio.open(backend, checkpoint, wish.variant(), texts.prompts(), cache, progress));
            return new Conditioner(opening.release(), languageOfAudio, texts);
        }
    }

    /**
     * What the T-UNet is asked for.
     *
     * @param embedding the picture's, {@code [1, width]}; null for text alone
     * @param arena owner of the result
     */
    Conditioning condition(@Nullable HostTensor embedding, Arena arena) {
        HostTensor loa = languageOfAudio.translate(embedding, arena);
        EncodedText own = embedding != null && appendsPicture ? states.with(embedding, arena) : states;
        EncodedText negative = negativeStates;
        if (negative == null) {
            return new Conditioning(loa, copy(own.states(), arena), copy(own.bias(), arena));
        }
        return new Conditioning(
                loa,
                HostTensor.stacked(arena, negative.states(), own.states()),
                HostTensor.stacked(arena, negative.bias(), own.bias()));
    }

    static HostTensor copy(HostTensor tensor, Arena arena) {
        HostTensor copy = HostTensor.allocate(arena, tensor.shape());
        copy.data().copyFrom(tensor.data());
        return copy;
    }

    @Override
    public void close() {
        scope.close();
    }

    /**
     * A wish's texts as their encoders see them.
     *
     * @param prompts what GPT-2 continues, the negative prompt first
     * @param states second stream of the wish
     * @param negativeStates second stream of the negative prompt; null without guidance
     * @param appendsPicture whether the picture's embedding is one more token of the second stream
     */
    record Texts(
            List<LoaPrompt> prompts,
            EncodedText states,
            @Nullable EncodedText negativeStates,
            boolean appendsPicture) {
        static Texts encode(
                EncoderRuntime runtime,
                Checkpoint checkpoint,
                Wish wish,
                @Nullable UserCache cache,
                Progress progress,
                Arena arena) {
            TextEncoders encoders = new TextEncoders(runtime, checkpoint, cache, progress, arena);
            String prompt = wish.prompt();
            String negative = wish.isGuided() ? wish.negativePrompt() : null;
            boolean picture = wish.variant().takesPicture();
            EncodedText states;
            EncodedText cut = null;
            EncodedText negativeStates = null;
            try (Reader t5 = encoders.t5()) {
                states = states(t5, t5.tokens(prompt == null ? ARTWORK_SENTENCE : prompt), arena);
                if (negative != null) {
                    // The length that the second stream had before the artwork's sentence took its place.
                    int length = (prompt == null ? 0 : states.length()) + (picture ? 1 : 0);
                    cut = states(t5, t5.tokens(negative, length), arena);
                    negativeStates = prompt == null ? states(t5, t5.tokens(negative, states.length()), arena) : cut;
                }
            }
            List<LoaPrompt> prompts = new ArrayList<>();
            try (Reader clap = encoders.clap()) {
                if (negative != null && cut != null) {
                    prompts.add(new LoaPrompt(words(clap, negative, cut), false));
                }
                prompts.add(new LoaPrompt(prompt == null ? null : words(clap, prompt, states), picture));
            }
            return new Texts(List.copyOf(prompts), states, negativeStates, picture && prompt != null);
        }

        private static EncodedText states(Reader t5, Tokens tokens, Arena arena) {
            return EncodedText.of(t5.encode(tokens), tokens, arena);
        }

        /** A text at its own length: the reference pads it for CLAP, which then looks at nothing of the padding. */
        private static Words words(Reader clap, String text, EncodedText states) {
            return new Words(clap.encode(clap.tokens(text)), states);
        }
    }
}
