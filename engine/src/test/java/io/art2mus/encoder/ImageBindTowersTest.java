package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.WeightsException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImageBindTowersTest {
    private static final String GOLDEN = "tiny-audioldm2/golden/imagebind.safetensors";
    private static final Path TINY = References.TINY.resolve("imagebind_tiny.pth");
    private static final Path MINI = References.MINI.resolve("imagebind/imagebind_mini.pth");

    @Test
    void soundEmbeddingEqualsImageBind() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                ImageBindAudio audio = ImageBindAudio.open(runtime, TINY)) {
            References.requireEqual(
                    "imagebind audio, tiny",
                    audio.encode(arena, References.tensor(arena, GOLDEN, "audio_input")),
                    References.tensor(arena, GOLDEN, "audio"));
        }
    }

    @Test
    void textEmbeddingEqualsImageBind() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                ImageBindText text = ImageBindText.open(runtime, TINY)) {
            References.requireEqual(
                    "imagebind text, tiny",
                    text.encode(arena, References.tokens(arena, GOLDEN, "text_ids", "text_ids")),
                    References.tensor(arena, GOLDEN, "text"));
        }
    }

    @Test
    void clipsOfAnotherShapeAreRefused() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(1);
                ImageBindAudio audio = ImageBindAudio.open(runtime, MINI)) {
            HostTensor clips = HostTensor.allocate(arena, Shape.of(1, 2, 1, 128, 204));
            assertThatThrownBy(() -> audio.encode(arena, clips))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[1, 3, 1, 128, 204]");
        }
    }

    @Test
    void checkpointWithoutTextTowerIsRefused() {
        try (EncoderRuntime runtime = EncoderRuntime.open(1)) {
            assertThatThrownBy(() -> ImageBindText.open(runtime, MINI))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("modality_preprocessors.text.pos_embed is missing");
        }
    }

    @Test
    void textOfAnotherLengthIsRefused() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(1);
                ImageBindText text = ImageBindText.open(runtime, TINY)) {
            assertThatThrownBy(() -> text.encode(arena, Tokens.allocate(arena, 1, 12)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("77 tokens");
        }
    }
}
