package io.art2mus.encoder.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Golden;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFrontEndTest {
    private static final Path SAMPLES = Path.of("../samples");

    @Test
    void pixelsOfLandscapePictureEqualTheReferenceInEveryBit() {
        float[] expected = Golden.floats("tiny-audioldm2/golden/imagebind.safetensors", "pixels");

        assertThat(pixels(Golden.resource("tiny-audioldm2/golden/picture.png"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dusk", "city"})
    void pixelsOfSampleEqualTheReferenceInEveryBit(String name) {
        float[] expected = Golden.floats("mini-reference/" + name + ".safetensors", "pixels");

        assertThat(pixels(SAMPLES.resolve(name + ".png"))).isEqualTo(expected);
    }

    private static float[] pixels(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            HostTensor pixels = PictureFrontEnd.read(file, arena);
            assertThat(pixels.shape()).isEqualTo(Shape.of(1, 3, PictureFrontEnd.SIDE, PictureFrontEnd.SIDE));
            return pixels.data().toArray(ValueLayout.JAVA_FLOAT);
        }
    }
}
