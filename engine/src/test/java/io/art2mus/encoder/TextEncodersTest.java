package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.HostTensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextEncodersTest {
    private static final String GOLDEN = "tiny-audioldm2/golden/text.safetensors";

    @Test
    void clapEmbeddingsEqualTransformers() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                ClapText clap = ClapText.open(runtime, References.TINY.resolve("text_encoder"))) {
            Tokens tokens = References.tokens(arena, GOLDEN, "clap_ids", "clap_mask");
            References.requireEqual(
                    "clap text, tiny", clap.encode(arena, tokens), References.tensor(arena, GOLDEN, "clap_features"));
        }
    }

    @Test
    void clapSeesNothingOfThePadding() {
        Path folder = References.TINY.resolve("tokenizer");
        try (Arena arena = Arena.ofConfined();
                Tokenizer tokenizer = Tokenizer.open(folder);
                EncoderRuntime runtime = EncoderRuntime.open(2);
                ClapText clap = ClapText.open(runtime, References.TINY.resolve("text_encoder"))) {
            List<String> text = List.of("rain on a tin roof");
            References.requireEqual(
                    "clap text, tiny, with and without padding",
                    clap.encode(arena, tokenizer.encode(arena, text)),
                    clap.encode(arena, tokenizer.encode(arena, text, tokenizer.longestText())));
        }
    }

    @Test
    void t5StatesEqualTransformers() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                FlanT5 t5 = FlanT5.open(runtime, References.TINY.resolve("text_encoder_2"))) {
            Tokens tokens = References.tokens(arena, GOLDEN, "t5_ids", "t5_mask");
            References.requireEqual(
                    "flan-t5, tiny", t5.encode(arena, tokens), References.tensor(arena, GOLDEN, "t5_hidden"));
        }
    }

    @Test
    void t5TakesEveryLength() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                FlanT5 t5 = FlanT5.open(runtime, References.TINY.resolve("text_encoder_2"))) {
            Tokens end = Tokens.allocate(arena, 1, 1);
            end.set(0, 0, 1, true);
            Tokens padded = Tokens.allocate(arena, 1, 7);
            padded.set(0, 0, 1, true);
            HostTensor longer = t5.encode(arena, padded);
            HostTensor alone = t5.encode(arena, end);
            HostTensor first = new HostTensor(
                    alone.shape(), longer.data().asSlice(0, alone.data().byteSize()));
            References.requireEqual("flan-t5, one token with and without padding", first, alone);
        }
    }

    @Test
    void foreignTokenIsRefused() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(1);
                FlanT5 t5 = FlanT5.open(runtime, References.TINY.resolve("text_encoder_2"))) {
            Tokens tokens = Tokens.allocate(arena, 1, 1);
            tokens.set(0, 0, 300, true);
            assertThatThrownBy(() -> t5.encode(arena, tokens))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token 300");
        }
    }

    @Test
    void textLongerThanItsPositionsIsRefused() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(1);
                ClapText clap = ClapText.open(runtime, References.TINY.resolve("text_encoder"))) {
            Tokens tokens = Tokens.allocate(arena, 1, 39);
            assertThatThrownBy(() -> clap.encode(arena, tokens))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("38 tokens, not 39");
        }
    }

    @Test
    void wrongFolderIsRefused() {
        try (EncoderRuntime runtime = EncoderRuntime.open(1)) {
            assertThatThrownBy(() -> ClapText.open(runtime, References.TINY.resolve("text_encoder_2")))
                    .hasMessageContaining("text_config is missing");
        }
    }
}
