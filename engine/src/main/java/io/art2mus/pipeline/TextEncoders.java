package io.art2mus.pipeline;

import io.art2mus.encoder.ClapText;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.FlanT5;
import io.art2mus.encoder.Tokenizer;
import io.art2mus.encoder.Tokens;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.provenance.FileDigests;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's two text encoders with their tokenizers. An encoder is opened for the first text that it did not read in an earlier run.
 * Results are owned by the arena it was opened with.
 */
final class TextEncoders implements AutoCloseable {
    private final HandleScope scope;
    private final EncoderRuntime runtime;
    private final Checkpoint checkpoint;
    private final @Nullable UserCache cache;
    private final Progress progress;
    private final Arena arena;
    private final Tokenizer t5Tokenizer;
    private @Nullable FlanT5 t5;

    /**
     * Encoders without open weights.
     *
     * @param cache keeps what they make of texts; null keeps nothing
     */
    TextEncoders(
            EncoderRuntime runtime, Checkpoint checkpoint, @Nullable UserCache cache, Progress progress, Arena arena) {
        this.runtime = runtime;
        this.checkpoint = checkpoint;
        this.cache = cache;
        this.progress = progress;
        this.arena = arena;
        try (HandleScope opening = new HandleScope()) {
            t5Tokenizer = opening.own(Tokenizer.open(checkpoint.part("tokenizer_2")));
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
        HostTensor states = kept("text_encoder_2", tokens, () -> opened().encode(arena, tokens));
        return EncodedText.of(states, tokens, arena);
    }

    private FlanT5 opened() {
        FlanT5 encoder = t5;
        if (encoder == null) {
            encoder = scope.own(FlanT5.open(runtime, checkpoint.part("text_encoder_2")));
            t5 = encoder;
        }
        return encoder;
    }

    /** CLAP's embedding of a text, {@code [1, width]}. The tower is open for this call alone. */
    HostTensor clap(String text) {
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint.part("tokenizer"))) {
            warnOfCut("CLAP", text, tokenizer);
            Tokens tokens = tokenizer.encode(arena, List.of(text), tokenizer.longestText());
            return kept("text_encoder", tokens, () -> {
                try (ClapText tower = ClapText.open(runtime, checkpoint.part("text_encoder"))) {
                    return tower.encode(arena, tokens);
                }
            });
        }
    }

    /** What a part of the checkpoint makes of tokens, perhaps in an earlier run. */
    private HostTensor kept(String part, Tokens tokens, Supplier<HostTensor> encode) {
        if (cache == null) {
            return encode.get();
        }
        Path folder = checkpoint.part(part);
        List<Path> files = new ArrayList<>(WeightFile.filesOfPart(folder));
        files.add(folder.resolve("config.json"));
        EmbeddingCache.Key key = EmbeddingCache.Key.of(
                part,
                UserCache.nameOf(tokens.toText()),
                FileDigests.remembering(cache).ofAll(files).values(),
                runtime);
        return new EmbeddingCache(cache).get(key, arena, encode);
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
