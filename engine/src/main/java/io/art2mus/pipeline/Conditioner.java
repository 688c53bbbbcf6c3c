package io.art2mus.pipeline;

import io.art2mus.backend.Backend;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.ImageBindVision;
import io.art2mus.encoder.picture.PictureFrontEnd;
import io.art2mus.graph.HostTensor;
import io.art2mus.pipeline.Progress.Stage;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a wish means to the T-UNet: language-of-audio tokens and FLAN-T5's states, of the negative prompt and of the wish itself.
 *
 * <p>How the two texts' lengths depend on each other is the reference's doing, quirks included; docs/reference.md, section 1.
 */
final class Conditioner {
    /** What the T-UNet's second stream is told of every artwork that comes without words. */
    private static final String ARTWORK_SENTENCE = "Music representing the content of this artwork";

    private final Backend backend;
    private final Checkpoint checkpoint;
    private final int threads;
    private final Progress progress;

    Conditioner(Backend backend, Checkpoint checkpoint, int threads, Progress progress) {
        this.backend = backend;
        this.checkpoint = checkpoint;
        this.threads = threads;
        this.progress = progress;
    }

    /** Runs the frozen encoders, the projections and GPT-2; results are owned by {@code arena}. */
    Conditioning condition(Wish wish, Arena arena) {
        try (EncoderRuntime runtime = EncoderRuntime.open(threads, progress::unused)) {
            Path picture = wish.picture();
            @Nullable HostTensor embedding = picture == null ? null : see(runtime, picture, arena);
            return condition(runtime, wish, embedding, arena);
        }
    }

    private HostTensor see(EncoderRuntime runtime, Path picture, Arena arena) {
        progress.begin(Stage.IMAGE);
        HostTensor pixels = PictureFrontEnd.read(picture, arena);
        try (ImageBindVision vision = ImageBindVision.open(runtime, checkpoint.imageBind())) {
            return vision.encode(arena, pixels);
        }
    }

    /** The road behind ImageBind: {@code embedding} is {@code [1, width]}, or null for text alone. */
    Conditioning condition(EncoderRuntime runtime, Wish wish, @Nullable HostTensor embedding, Arena arena) {
        progress.begin(Stage.TEXT);
        LoaPrompt asked;
        EncodedText states;
        @Nullable LoaPrompt negative = null;
        @Nullable EncodedText negativeStates = null;
        try (TextEncoders texts = new TextEncoders(runtime, checkpoint, arena)) {
            String prompt = wish.prompt();
            if (prompt == null) {
                asked = new LoaPrompt(null, embedding);
                states = texts.t5(ARTWORK_SENTENCE);
            } else {
                EncodedText words = texts.t5(prompt);
                asked = new LoaPrompt(new LoaPrompt.Words(texts.clap(prompt), words), embedding);
                states = embedding == null ? words : words.with(embedding, arena);
            }
            if (wish.isGuided()) {
                EncodedText cut = texts.t5(wish.negativePrompt(), prompt == null ? 1 : states.length());
                negative = new LoaPrompt(new LoaPrompt.Words(texts.clap(wish.negativePrompt()), cut), null);
                negativeStates = prompt == null ? texts.t5(wish.negativePrompt(), states.length()) : cut;
            }
        }
        progress.begin(Stage.LANGUAGE_OF_AUDIO);
        List<LoaPrompt> prompts = negative == null ? List.of(asked) : List.of(negative, asked);
        HostTensor loa = LanguageOfAudio.translate(backend, checkpoint, wish.variant(), prompts, progress, arena);
        return negativeStates == null
                ? new Conditioning(loa, states.states(), states.bias())
                : new Conditioning(
                        loa,
                        HostTensor.stacked(arena, negativeStates.states(), states.states()),
                        HostTensor.stacked(arena, negativeStates.bias(), states.bias()));
    }
}
