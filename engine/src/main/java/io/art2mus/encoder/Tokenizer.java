package io.art2mus.encoder;

import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.tokenizers.FastTokenizer;
import io.art2mus.ffi.tokenizers.TokenizerException;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/** Texts to token ids, as the {@code tokenizer.json} and {@code tokenizer_config.json} of one folder describe it. */
public final class Tokenizer implements AutoCloseable {
    /** Some configurations say "no limit" by a number of 31 digits. */
    private static final int LONGEST_TEXT = 1 << 16;

    private final FastTokenizer tokenizer;
    private final int longestText;
    private final long padding;

    private Tokenizer(FastTokenizer tokenizer, int longestText, long padding) {
        this.tokenizer = tokenizer;
        this.longestText = longestText;
        this.padding = padding;
    }

    /**
     * Opens the tokenizer in a checkpoint's folder, such as {@code tokenizer_2}.
     *
     * @throws WeightsException where a file is missing or refused
     * @throws LibraryUnavailableException where the native library cannot be used
     */
    public static Tokenizer open(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        ModelConfig config = ModelConfig.read(folder.resolve("tokenizer_config.json"));
        FastTokenizer tokenizer = parse(file);
        try {
            long[] padding = tokenizer.encodeBare(paddingToken(config));
            if (padding.length != 1) {
                throw new WeightsException(
                        "pad_token " + paddingToken(config) + " is no token of tokenizer.json",
                        config.file(),
                        "fetch both files again");
            }
            int longest = (int) Math.min(config.number("model_max_length", 1, Double.MAX_VALUE), LONGEST_TEXT);
            return new Tokenizer(tokenizer, longest, padding[0]);
        } catch (Throwable refused) {
            tokenizer.close();
            throw refused;
        }
    }

    private static FastTokenizer parse(Path file) {
        try {
            return FastTokenizer.parse(TokenizerDescription.read(file));
        } catch (TokenizerException refused) {
            throw new WeightsException("no valid tokenizer: " + refused.getMessage(), file, "fetch it again", refused);
        }
    }

    /** Older files describe the token instead of naming it. */
    private static String paddingToken(ModelConfig config) {
        return config.isObject("pad_token") ? config.at("pad_token").text("content") : config.text("pad_token");
    }

    /** Tokens a text is cut to, {@code model_max_length}. */
    public int longestText() {
        return longestText;
    }

    /** Whether a text has more tokens than {@link #longestText()}. */
    public boolean cuts(String text) {
        return tokenizer.encode(text, longestText + 1).length > longestText;
    }

    /** Texts cut to {@link #longestText} and padded to the longest of them, owned by {@code arena}. */
    public Tokens encode(Arena arena, List<String> texts) {
        List<long[]> ids = ids(texts, longestText);
        return padded(arena, ids, ids.stream().mapToInt(row -> row.length).max().orElse(0));
    }

    /**
     * Texts padded or cut to {@code length} tokens, owned by {@code arena}. What is put around a text, such as the end
     * token, is never cut.
     */
    public Tokens encode(Arena arena, List<String> texts, int length) {
        return padded(arena, ids(texts, length), length);
    }

    private List<long[]> ids(List<String> texts, int most) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("there is no text to tokenise");
        }
        return texts.stream().map(text -> tokenizer.encode(text, most)).toList();
    }

    private Tokens padded(Arena arena, List<long[]> rows, int length) {
        Tokens tokens = Tokens.allocate(arena, rows.size(), length);
        for (int text = 0; text < rows.size(); text++) {
            long[] ids = rows.get(text);
            for (int position = 0; position < length; position++) {
                boolean own = position < ids.length;
                tokens.set(text, position, own ? ids[position] : padding, own);
            }
        }
        return tokens;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
