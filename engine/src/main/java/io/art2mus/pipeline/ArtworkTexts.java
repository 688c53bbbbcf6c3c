package io.art2mus.pipeline;

import io.art2mus.backend.Backend;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.pipeline.Conditioner.Texts;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every artwork without words has in common: all of its conditioning but what the picture says. Training reads it once. */
public final class ArtworkTexts {
    private ArtworkTexts() {}

    /**
     * FLAN-T5's states of the artwork sentence, and, with guidance, all of the published negative prompt in a row before it. The picture's
     * own language-of-audio tokens are zeros, for whoever trains the image projection computes them.
     *
     * @param backend for GPT-2, which translates the negative prompt
     * @param threads for the text encoders
     * @param cache keeps what encoders made of the texts, and what weights were repacked to; null keeps nothing
     * @param arena owner of the result
     */
    public static Conditioning read(
            Backend backend,
            Checkpoint checkpoint,
            Variant variant,
            boolean guided,
            int threads,
            @Nullable UserCache cache,
            Arena arena) {
        try (EncoderRuntime runtime = EncoderRuntime.open(threads);
                Arena scratch = Arena.ofConfined()) {
            Texts texts = Texts.encode(runtime, checkpoint, wish(variant, guided), cache, Progress.SILENT, scratch);
            EncodedText own = texts.states();
            EncodedText negative = texts.negativeStates();
            if (negative == null) {
                return new Conditioning(
                        HostTensor.allocate(arena, Shape.of(1, 1, 1)),
                        Conditioner.copy(own.states(), arena),
                        Conditioner.copy(own.bias(), arena));
            }
            List<LoaPrompt> refused = List.of(texts.prompts().getFirst());
            try (LanguageOfAudio languageOfAudio =
                    LanguageOfAudio.open(backend, checkpoint, variant, refused, cache, Progress.SILENT)) {
                HostTensor loa = languageOfAudio.translate(null, scratch);
                return new Conditioning(
                        HostTensor.stacked(arena, loa, HostTensor.allocate(scratch, loa.shape())),
                        HostTensor.stacked(arena, negative.states(), own.states()),
                        HostTensor.stacked(arena, negative.bias(), own.bias()));
            }
        }
    }

    private static Wish wish(Variant variant, boolean guided) {
        return new Wish(
                null,
                Wish.PUBLISHED_NEGATIVE_PROMPT,
                variant,
                Wish.TRAINED_SECONDS,
                0,
                SamplerKind.DDIM,
                1,
                guided ? Wish.PUBLISHED_GUIDANCE : 1,
                1);
    }
}
