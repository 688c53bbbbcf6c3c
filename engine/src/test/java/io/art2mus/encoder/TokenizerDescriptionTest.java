package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.ffi.tokenizers.FastTokenizer;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerDescriptionTest {
    private @TempDir Path folder;

    private static String t5() throws IOException {
        return Files.readString(References.TINY.resolve("tokenizer_2/tokenizer.json"));
    }

    private Path written(String description) throws IOException {
        return Files.writeString(folder.resolve("tokenizer.json"), description);
    }

    private Path replaced(String target, String replacement) throws IOException {
        String whole = t5();
        assertThat(whole).contains(target);
        return written(whole.replace(target, replacement));
    }

    @Test
    void brokenDecoderDoesNotMatter() throws IOException {
        Path file = replaced("\"decoder\": {", "\"decoder\": {\"unheard\": 1,");
        try (FastTokenizer tokenizer = FastTokenizer.parse(TokenizerDescription.read(file))) {
            assertThat(tokenizer.encode("", 1)).containsExactly(1);
        }
    }

    /** Each of these ends the process when the native parser meets it, or might. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"special_tokens\": { | \"special_tokens\": {\"x\": {\"id\": \"x\", \"ids\": [], \"tokens\": []},",
                "\"Metaspace\" | \"Oracle\"",
                "\"Nmt\" | \"Oracle\"",
                "\"Unigram\" | \"Oracle\"",
                "\"unk_id\": 2 | \"unk_id\": 99999",
            })
    void contradictionIsRefused(String target, String replacement) throws IOException {
        Path file = replaced(target, replacement);
        assertThatThrownBy(() -> TokenizerDescription.read(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("no valid tokenizer");
    }

    @Test
    void templateWithUnknownTokenIsRefused() throws IOException {
        Path file = written(t5().replaceFirst("(\"SpecialToken\": \\{\\s*\"id\": )\"</s>\"", "$1\"<end>\""));
        assertThatThrownBy(() -> TokenizerDescription.read(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("a special token of the template");
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        Path file = written("[".repeat(100_000));
        assertThatThrownBy(() -> TokenizerDescription.read(file)).isInstanceOf(WeightsException.class);
    }

    @Test
    void precompiledCharactersAreReplaced() throws IOException {
        String map = characterMap(0, "l\0");
        Path file =
                replaced("\"type\": \"Nmt\"", "\"type\": \"Precompiled\", \"precompiled_charsmap\": \"" + map + "\"");
        try (FastTokenizer tokenizer = FastTokenizer.parse(TokenizerDescription.read(file))) {
            assertThat(tokenizer.encode("a", 9)).isEqualTo(tokenizer.encode("l", 9));
            assertThat(tokenizer.encode("e", 9)).isNotEqualTo(tokenizer.encode("l", 9));
        }
    }

    @Test
    void precompiledCharactersThatLeaveTheirMapAreUnsound() {
        assertThat(PrecompiledCharacterMap.isSound(characterMap(0, "l\0"))).isTrue();
        assertThat(PrecompiledCharacterMap.isSound(characterMap(3, "l\0")))
                .as("text outside")
                .isFalse();
        assertThat(PrecompiledCharacterMap.isSound(characterMap(1, "é\0")))
                .as("text within a letter")
                .isFalse();
        byte[] whole = Base64.getDecoder().decode(characterMap(0, "l\0"));
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 256);
        assertThat(PrecompiledCharacterMap.isSound(Base64.getEncoder().encodeToString(whole)))
                .as("trie cut short")
                .isFalse();
        assertThat(PrecompiledCharacterMap.isSound("AAAA")).isFalse();
        assertThat(PrecompiledCharacterMap.isSound("?")).isFalse();
    }

    /** A trie of the one letter {@code a}, whose replacement begins at a byte of {@code texts}. */
    private static String characterMap(int replacement, String texts) {
        int units = 512;
        int base = 256;
        int node = base ^ 'a';
        byte[] text = texts.getBytes(StandardCharsets.UTF_8);
        ByteBuffer map = ByteBuffer.allocate(4 + 4 * units + text.length).order(ByteOrder.LITTLE_ENDIAN);
        map.putInt(4 * units);
        map.putInt(4, base << 10);
        map.putInt(4 + 4 * node, (node ^ base) << 10 | 1 << 8 | 'a');
        map.putInt(4 + 4 * base, 1 << 31 | replacement);
        map.put(4 + 4 * units, text);
        return Base64.getEncoder().encodeToString(map.array());
    }
}
