package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.art2mus.ffi.tokenizers.FastTokenizer;
import io.art2mus.ffi.tokenizers.TokenizerException;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The native parser must never end the process, whatever the description that is let through to it. */
@Timeout(10)
class TokenizerFuzzTest {
    private @TempDir Path folder;

    static Stream<Named<byte[]>> descriptions() throws IOException {
        return Stream.of(
                Named.of("CLAP's", Files.readAllBytes(References.TINY.resolve("tokenizer/tokenizer.json"))),
                Named.of("T5's", Files.readAllBytes(References.TINY.resolve("tokenizer_2/tokenizer.json"))));
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void descriptionIsRead(byte[] bytes) throws IOException {
        assertThat(isRead(bytes)).isTrue();
    }

    @MethodSource("descriptions")
    @FuzzTest
    void damagedDescriptionIsReadOrRefused(byte[] bytes) throws IOException {
        isRead(bytes);
    }

    private boolean isRead(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("tokenizer.json"), bytes);
        try (FastTokenizer tokenizer = FastTokenizer.parse(TokenizerDescription.read(file))) {
            tokenizer.encode("Techno, \uD83D\uDE00 <pad></s>", 16 + tokenizer.addedTokens());
            return true;
        } catch (WeightsException | TokenizerException refused) {
            assertThat(refused).message().hasLineCount(1);
            return false;
        }
    }
}
