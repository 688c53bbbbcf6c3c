package io.art2mus.pipeline;

import io.art2mus.encoder.ClapText;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.FlanT5;
import io.art2mus.encoder.TextEncoder;
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
 * A checkpoint's two text encoders. What they make is owned by one arena.
 *
 * @param cache keeps what they make of texts; null keeps nothing
 * @param arena owner of the results
 */
record TextEncoders(
        EncoderRuntime runtime,
        Checkpoint checkpoint,
        @Nullable UserCache cache,
        Progress progress,
        Arena arena) {
    /** FLAN-T5, to be closed before the other is opened: both at once would be 2 GB. */
    Reader t5() {
        return new Reader("FLAN-T5", "tokenizer_2", "text_encoder_2", FlanT5::open);
    }

    /** CLAP's text tower, to be closed before the other is opened. */
    Reader clap() {
        return new Reader("CLAP", "tokenizer", "text_encoder", ClapText::open);
    }

    @FunctionalInterface
    private interface Opening {
        TextEncoder open(EncoderRuntime runtime, Path folder, Supplier<Part> weights);
    }

    /** An encoder with its tokenizer. Its weights are opened for the first text that it did not read in an earlier run. */
    final class Reader implements AutoCloseable {
        private final HandleScope scope = new HandleScope();
        private final String name;
        private final String tokenizerPart;
        private final String part;
        private final Opening opening;
        private @Nullable Tokenizer tokenizer;
        private @Nullable TextEncoder encoder;

        private Reader(String name, String tokenizerPart, String part, Opening opening) {
            this.name = name;
            this.tokenizerPart = tokenizerPart;
            this.part = part;
            this.opening = opening;
        }

        /** Tokens of a text at its own length. */
        Tokens tokens(String text) {
            Tokenizer opened = tokenizer();
            if (opened.cuts(text)) {
                progress.warn("a text of %d characters is longer than %s reads; it was cut to %d tokens"
                        .formatted(text.length(), name, opened.longestText()));
            }
            return opened.encode(arena, List.of(text));
        }

        /** Tokens of a text that is padded or cut to so many. */
        Tokens tokens(String text, int length) {
            return tokenizer().encode(arena, List.of(text), length);
        }

        /** What the encoder makes of tokens, perhaps in an earlier run. */
        HostTensor encode(Tokens tokens) {
            if (cache == null) {
                return encoder().encode(arena, tokens);
            }
            Path folder = checkpoint.part(part);
            List<Path> files = new ArrayList<>(WeightFile.filesOfPart(folder));
            files.add(folder.resolve("config.json"));
            EmbeddingCache.Key key = EmbeddingCache.Key.of(
                    part,
                    UserCache.nameOf(tokens.toText()),
                    FileDigests.remembering(cache).ofAll(files).values(),
                    runtime);
            return new EmbeddingCache(cache).get(key, arena, () -> encoder().encode(arena, tokens));
        }

        private Tokenizer tokenizer() {
            Tokenizer opened = tokenizer;
            if (opened == null) {
                opened = scope.own(Tokenizer.open(checkpoint.part(tokenizerPart)));
                tokenizer = opened;
            }
            return opened;
        }

        private TextEncoder encoder() {
            TextEncoder opened = encoder;
            if (opened == null) {
                opened = scope.own(
                        opening.open(runtime, checkpoint.part(part), () -> Part.open(checkpoint, part, cache)));
                encoder = opened;
            }
            return opened;
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
