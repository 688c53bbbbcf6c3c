package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.Golden;
import io.art2mus.graph.HostTensor;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final String GOLDEN = "tiny-audioldm2/golden/text";
    private static final String ARTWORK_SENTENCE = "Music representing the content of this artwork";
    private static final String NEGATIVE = "Low quality.";

    private @TempDir Path folder;

    private static List<String> texts() throws IOException {
        return List.of(
                new ObjectMapper().readValue(Golden.resource(GOLDEN + ".json").toFile(), String[].class));
    }

    private static void requireIdentical(Tokens actual, Tokens expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.ids().toArray(ValueLayout.JAVA_LONG))
                .isEqualTo(expected.ids().toArray(ValueLayout.JAVA_LONG));
        assertThat(actual.mask().toArray(ValueLayout.JAVA_LONG))
                .isEqualTo(expected.mask().toArray(ValueLayout.JAVA_LONG));
    }

    @Test
    void clapIdsEqualTransformers() throws IOException {
        try (Arena arena = Arena.ofConfined();
                Tokenizer tokenizer = Tokenizer.open(References.TINY.resolve("tokenizer"))) {
            requireIdentical(
                    tokenizer.encode(arena, texts(), tokenizer.longestText()),
                    References.tokens(arena, GOLDEN + ".safetensors", "clap_ids", "clap_mask"));
        }
    }

    @Test
    void t5IdsEqualTransformers() throws IOException {
        try (Arena arena = Arena.ofConfined();
                Tokenizer tokenizer = Tokenizer.open(References.TINY.resolve("tokenizer_2"))) {
            requireIdentical(
                    tokenizer.encode(arena, texts()),
                    References.tokens(arena, GOLDEN + ".safetensors", "t5_ids", "t5_mask"));
        }
    }

    /** The picture mode's second stream: the negative prompt padded to the artwork sentence's length. */
    @ParameterizedTest
    @ValueSource(strings = {"dusk", "city"})
    void statesOfTheArtworkSentenceEqualTransformers(String picture) {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                Tokenizer tokenizer = Tokenizer.open(References.MINI.resolve("tokenizer_2"));
                FlanT5 t5 = FlanT5.open(runtime, References.MINI.resolve("text_encoder_2"))) {
            int length =
                    (int) tokenizer.encode(arena, List.of(ARTWORK_SENTENCE)).length();
            Tokens tokens = tokenizer.encode(arena, List.of(NEGATIVE, ARTWORK_SENTENCE), length);
            HostTensor expected = References.tensor(arena, "mini-reference/" + picture + ".safetensors", "t5_states");
            References.requireEqual("flan-t5 from text, mini " + picture, t5.encode(arena, tokens), expected);
        }
    }

    @Test
    void promptCutToOneTokenIsTheEndToken() {
        try (Arena arena = Arena.ofConfined();
                Tokenizer tokenizer = Tokenizer.open(References.TINY.resolve("tokenizer_2"))) {
            Tokens tokens = tokenizer.encode(arena, List.of(NEGATIVE), 1);
            assertThat(tokens.id(0, 0)).isEqualTo(1);
            assertThat(tokens.isOwn(0, 0)).isTrue();
        }
    }

    @Test
    void emptyTextIsItsAddedTokens() {
        try (Arena arena = Arena.ofConfined();
                Tokenizer tokenizer = Tokenizer.open(References.TINY.resolve("tokenizer"))) {
            Tokens tokens = tokenizer.encode(arena, List.of(""));
            assertThat(tokens.ids().toArray(ValueLayout.JAVA_LONG)).containsExactly(0, 2);
        }
    }

    @Test
    void paddingTokenMayBeDescribed() throws IOException {
        copyTokenizer();
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"model_max_length\": 1000000000000000019884624838656, \"pad_token\": {\"content\": \"<pad>\"}}");
        try (Arena arena = Arena.ofConfined();
                Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode(arena, List.of("", "music")).id(0, 1)).isZero();
        }
    }

    @Test
    void unknownPaddingTokenIsRefused() throws IOException {
        copyTokenizer();
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"model_max_length\": 8, \"pad_token\": \"[nothing]\"}");
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("[nothing]");
    }

    @Test
    void truncatedDescriptionIsRefused() throws IOException {
        copyTokenizer();
        Path file = folder.resolve("tokenizer.json");
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() / 2));
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("fetch it again");
    }

    @Test
    void missingDescriptionIsRefused() throws IOException {
        copyTokenizer();
        Files.delete(folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("check that it is there");
    }

    private void copyTokenizer() throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(References.TINY.resolve("tokenizer_2").resolve(name), folder.resolve(name));
        }
    }
}
