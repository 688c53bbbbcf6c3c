package io.art2mus.pipeline;

import io.art2mus.encoder.ClapText;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.FlanT5;
import io.art2mus.encoder.Tokenizer;
import io.art2mus.encoder.Tokens;
import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.HostTensor;
import java.lang.foreign.Arena;
import java.util.List;

/** A checkpoint's two text encoders with their tokenizers. Results are owned by the arena it was opened with. */
final class TextEncoders implements AutoCloseable {
    private final HandleScope scope;
    private final EncoderRuntime runtime;
    private final Checkpoint checkpoint;
    private final Progress progress;
    private final Arena arena;
    private final Tokenizer t5Tokenizer;
    private final FlanT5 t5;

    TextEncoders(EncoderRuntime runtime, Checkpoint checkpoint, Progress progress, Arena arena) {
        this.runtime = runtime;
        this.checkpoint = checkpoint;
        this.progress = progress;
        this.arena = arena;
        try (HandleScope opening = new HandleScope()) {
            t5Tokenizer = opening.own(Tokenizer.open(checkpoint.part("tokenizer_2")));
            t5 = opening.own(FlanT5.open(runtime, checkpoint.part("text_encoder_2")));
            scope = opening.release();
        }
    }

    /** FLAN-T5 on a text of its own length. */
    EncodedText t5(String text) {
        warnOfCut("FLAN-T5", text, t5Tokenizer);
        return t5(t5Tokenizer.encode(arena, List.of(text)));
    }

    /** FLAN-T5 on a text that is padded or cut to {@code length} tokens. */
    EncodedText t5(String text, int length) {
        return t5(t5Tokenizer.encode(arena, List.of(text), length));
    }

    private EncodedText t5(Tokens tokens) {
        return EncodedText.of(t5.encode(arena, tokens), tokens, arena);
    }

    /** CLAP's embedding of a text, {@code [1, width]}. The tower is open for this call alone. */
    HostTensor clap(String text) {
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint.part("tokenizer"));
                ClapText tower = ClapText.open(runtime, checkpoint.part("text_encoder"))) {
            warnOfCut("CLAP", text, tokenizer);
            return tower.encode(arena, tokenizer.encode(arena, List.of(text), tokenizer.longestText()));
        }
    }

    private void warnOfCut(String encoder, String text, Tokenizer tokenizer) {
        if (tokenizer.cuts(text)) {
            progress.warn("a text of %d characters is longer than %s reads; it was cut to %d tokens"
                    .formatted(text.length(), encoder, tokenizer.longestText()));
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
