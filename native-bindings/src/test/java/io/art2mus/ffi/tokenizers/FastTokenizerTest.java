package io.art2mus.ffi.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.ffi.LibraryStatus;
import org.junit.jupiter.api.Test;

class FastTokenizerTest {
    /** Words to ids, with an end token after them. */
    private static final String WORDS = """
            {"version": "1.0", "truncation": null, "padding": null,
             "added_tokens": [{"id": 0, "content": "<pad>", "single_word": false, "lstrip": false, "rstrip": false,
                               "normalized": false, "special": true}],
             "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
             "post_processor": {"type": "TemplateProcessing",
                "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
             "decoder": null,
             "model": {"type": "WordLevel", "unk_token": "?",
                       "vocab": {"<pad>": 0, "</s>": 1, "?": 2, "slow": 3, "piano": 4, "music": 5}}}
            """;

    @Test
    void carriedLibraryIsThere() {
        assertThat(FastTokenizer.status())
                .isInstanceOfSatisfying(
                        LibraryStatus.Available.class,
                        loaded -> assertThat(loaded.version()).endsWith("-0.38.0"));
    }

    @Test
    void truncationKeepsTheEndToken() {
        try (FastTokenizer tokenizer = FastTokenizer.parse(WORDS)) {
            assertThat(tokenizer.addedTokens()).isEqualTo(1);
            assertThat(tokenizer.encode("slow piano music", 9)).containsExactly(3, 4, 5, 1);
            assertThat(tokenizer.encode("slow piano music", 3)).containsExactly(3, 4, 1);
            assertThat(tokenizer.encode("slow piano music", 1)).containsExactly(1);
            assertThat(tokenizer.encode("slow piano music", 4)).containsExactly(3, 4, 5, 1);
        }
    }

    @Test
    void bareTextHasNoEndToken() {
        try (FastTokenizer tokenizer = FastTokenizer.parse(WORDS)) {
            assertThat(tokenizer.encode("slow", 1)).containsExactly(1);
            assertThat(tokenizer.encodeBare("slow <pad> trumpet")).containsExactly(3, 0, 2);
        }
    }

    @Test
    void roomForFewerThanTheAddedTokensIsRefused() {
        try (FastTokenizer tokenizer = FastTokenizer.parse(WORDS)) {
            assertThatThrownBy(() -> tokenizer.encode("slow", 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least 1");
        }
    }

    @Test
    void loneSurrogateAndNulAreTextLikeAnyOther() {
        try (FastTokenizer tokenizer = FastTokenizer.parse(WORDS)) {
            assertThat(tokenizer.encode("slow \uD800 \0 piano", 16))
                    .startsWith(3)
                    .endsWith(4, 1);
        }
    }

    @Test
    void malformedDescriptionIsTypedError() {
        assertThatThrownBy(() -> FastTokenizer.parse("{")).isInstanceOf(TokenizerException.class);
        assertThatThrownBy(() -> FastTokenizer.parse("[".repeat(100_000))).isInstanceOf(TokenizerException.class);
        assertThatThrownBy(() -> FastTokenizer.parse(WORDS.replace("WordLevel", "Oracle")))
                .isInstanceOf(TokenizerException.class);
    }

    @Test
    void closedTokenizerRefusesToEncodeAndClosesTwice() {
        FastTokenizer tokenizer = FastTokenizer.parse(WORDS);
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("slow", 2)).isInstanceOf(IllegalStateException.class);
    }
}
