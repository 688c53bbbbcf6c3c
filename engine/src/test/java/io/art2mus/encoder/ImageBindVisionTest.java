package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageBindVisionTest {
    private static final Path TINY = References.TINY.resolve("imagebind_tiny.pth");
    private static final Path MINI = References.MINI.resolve("imagebind/imagebind_mini.pth");

    @Test
    void embeddingEqualsImageBind() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                ImageBindVision vision = ImageBindVision.open(runtime, TINY)) {
            String golden = "tiny-audioldm2/golden/imagebind.safetensors";
            HostTensor pixels = References.batch(References.tensor(arena, golden, "pixels"));
            References.requireEqual(
                    "imagebind vision, tiny", vision.encode(arena, pixels), References.tensor(arena, golden, "vision"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dusk", "city"})
    void embeddingOfHalfPrecisionWeightsEqualsImageBind(String picture) {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                ImageBindVision vision = ImageBindVision.open(runtime, MINI)) {
            String golden = "mini-reference/" + picture + ".safetensors";
            HostTensor pixels = References.batch(References.tensor(arena, golden, "pixels"));
            References.requireEqual(
                    "imagebind vision, mini " + picture,
                    vision.encode(arena, pixels),
                    References.tensor(arena, golden, "image_embedding"));
        }
    }

    @Test
    void batchEmbedsEachPictureAsAlone() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(2);
                ImageBindVision vision = ImageBindVision.open(runtime, TINY)) {
            HostTensor one = References.tensor(arena, "mini-reference/dusk.safetensors", "pixels");
            HostTensor other = References.tensor(arena, "mini-reference/city.safetensors", "pixels");
            HostTensor both = HostTensor.allocate(arena, Shape.of(2, 3, 224, 224));
            both.data().copyFrom(one.data());
            both.data().asSlice(one.data().byteSize()).copyFrom(other.data());

            HostTensor alone = vision.encode(arena, References.batch(other));
            HostTensor second = new HostTensor(
                    alone.shape(),
                    vision.encode(arena, both).data().asSlice(alone.data().byteSize()));
            References.requireEqual("imagebind vision, second of a batch", second, alone);
        }
    }

    @Test
    void pictureOfAnotherSizeIsRefused() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(1);
                ImageBindVision vision = ImageBindVision.open(runtime, TINY)) {
            HostTensor small = HostTensor.allocate(arena, Shape.of(1, 3, 112, 112));
            assertThatThrownBy(() -> vision.encode(arena, small))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[1, 3, 224, 224]");
        }
    }

    @Test
    void closedEncoderRefusesToRunAndClosesTwice() {
        try (Arena arena = Arena.ofConfined();
                EncoderRuntime runtime = EncoderRuntime.open(1)) {
            ImageBindVision vision = ImageBindVision.open(runtime, TINY);
            vision.close();
            vision.close();
            HostTensor pixels = HostTensor.allocate(arena, Shape.of(1, 3, 224, 224));
            assertThatThrownBy(() -> vision.encode(arena, pixels)).isInstanceOf(IllegalStateException.class);
        }
    }
}
