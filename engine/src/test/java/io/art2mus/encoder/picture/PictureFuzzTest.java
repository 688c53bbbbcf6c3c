package io.art2mus.encoder.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.art2mus.Golden;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class PictureFuzzTest {
    @TempDir
    private Path folder;

    static Stream<Named<byte[]>> pictures() throws IOException {
        Stream.Builder<Named<byte[]>> pictures = Stream.builder();
        for (String name : new String[] {
            "colour.jpg",
            "progressive.jpg",
            "cmyk.jpg",
            "orientation8.jpg",
            "rgb.png",
            "interlaced.png",
            "palette.png",
            "transparent_colour.png",
            "orientation6.png",
            "rgb.webp",
            "alpha.webp",
            "animated.webp",
            "rgb.tif",
            "cmyk.tif",
            "animated.gif",
            "transparent.gif",
            "rgb.bmp",
            "one_pixel.bmp"
        }) {
            pictures.add(Named.of(name, Files.readAllBytes(Golden.resource("pictures/" + name))));
        }
        return pictures.build();
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void pictureIsDecoded(byte[] bytes) throws IOException {
        assertThat(isDecoded(bytes)).isTrue();
    }

    @MethodSource("pictures")
    @FuzzTest
    void damagedPictureIsDecodedOrRefused(byte[] bytes) throws IOException {
        isDecoded(bytes);
    }

    private boolean isDecoded(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("picture"), bytes);
        try (Arena arena = Arena.ofConfined()) {
            PictureFrontEnd.read(file, arena);
            return true;
        } catch (PictureException refused) {
            assertThat(refused)
                    .hasMessageStartingWith(file.toString())
                    .message()
                    .hasLineCount(1);
            return false;
        }
    }
}
