package io.art2mus.encoder.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures as people have them; what they look like is Pillow's word, see {@code pictures/README.md}. */
class OddPicturesTest {
    private static final Path PICTURES = Golden.resource("pictures");

    /** So few that every picture here but the smallest is decoded in pieces. */
    private static final long FEW_PIXELS = 100;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.bmp",
                "rgb.tif",
                "rgb.webp",
                "interlaced.png",
                "sixteen_bit.png",
                "animated.webp",
                "orientation1.png",
                "orientation2.png",
                "orientation3.png",
                "orientation4.png",
                "orientation5.png",
                "orientation6.png",
                "orientation7.png",
                "orientation8.png",
                "orientation6.webp",
                "orientation6.tif"
            })
    void losslessPictureHasTheSamePixelsInEveryDress(String name) {
        assertDecodesTo(PICTURES.resolve("rgb.png"), PICTURES.resolve(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "colour.jpg",
                "progressive.jpg",
                "grey.jpg",
                "cmyk.jpg",
                "cmyk.tif",
                "orientation8.jpg",
                "palette.png",
                "one_bit.png",
                "animated.gif",
                "alpha.png",
                "alpha.webp",
                "grey_alpha.png",
                "transparent_colour.png",
                "transparent.gif",
                "one_pixel.jpg"
            })
    void pictureHasThePixelsOfPillow(String name) {
        assertDecodesTo(PICTURES.resolve(name + ".expected.png"), PICTURES.resolve(name));
    }

    private static void assertDecodesTo(Path expected, Path picture) {
        byte[] pixels = PictureFrontEnd.square(expected, PictureReader.WHOLE_PIXELS);

        assertThat(PictureFrontEnd.square(picture, PictureReader.WHOLE_PIXELS))
                .as("whole")
                .isEqualTo(pixels);
        assertThat(PictureFrontEnd.square(picture, FEW_PIXELS)).as("in pieces").isEqualTo(pixels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one_pixel.png", "one_pixel.bmp"})
    void onePixelFillsTheSquare(String name) {
        byte[] square = PictureFrontEnd.square(PICTURES.resolve(name), PictureReader.WHOLE_PIXELS);

        for (int i = 0; i < square.length; i += 3) {
            assertThat(Arrays.copyOfRange(square, i, i + 3)).containsExactly(10, 200, 30);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "interlaced.png",
                "colour.jpg",
                "progressive.jpg",
                "cmyk.jpg",
                "rgb.webp",
                "rgb.tif",
                "rgb.bmp",
                "palette.png",
                "transparent.gif"
            })
    void pictureCutShortIsRefusedInOneLine(String name) throws IOException {
        byte[] whole = Files.readAllBytes(PICTURES.resolve(name));
        for (double part : new double[] {0.2, 0.5, 0.9}) {
            Path cut = Files.write(folder.resolve(name), Arrays.copyOf(whole, (int) (whole.length * part)));
            for (long wholePixels : new long[] {FEW_PIXELS, PictureReader.WHOLE_PIXELS}) {
                assertThatThrownBy(() -> PictureFrontEnd.square(cut, wholePixels))
                        .as("%s at %s", name, part)
                        .isInstanceOf(PictureException.class)
                        .hasMessageStartingWith(cut + " is damaged, cut short or unusual (")
                        .hasMessageEndingWith("; save or download it again")
                        .message()
                        .doesNotContain("\n");
            }
        }
    }

    @Test
    void textIsNoPicture() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.png"), "a starry night");

        assertThatThrownBy(() -> PictureFrontEnd.square(text, FEW_PIXELS))
                .isInstanceOf(PictureException.class)
                .hasMessage(text + " is not a picture of a known format; give JPEG, PNG, WebP, TIFF, GIF or BMP");
    }

    @Test
    void directoryAndMissingFileAreNamed() {
        Path absent = folder.resolve("absent.png");

        assertThatThrownBy(() -> PictureFrontEnd.square(folder, FEW_PIXELS))
                .isInstanceOf(PictureException.class)
                .hasMessage(folder + " is a directory or a device; name a picture file");
        assertThatThrownBy(() -> PictureFrontEnd.square(absent, FEW_PIXELS))
                .isInstanceOf(PictureException.class)
                .hasMessage(absent + " does not exist; check its name");
    }

    @Test
    void jpegOfMorePixelsThanItsBytesCanHoldIsRefusedByItsHeader() throws IOException {
        byte[] jpeg = Files.readAllBytes(PICTURES.resolve("colour.jpg"));
        int frame = 0;
        while ((jpeg[frame] & 0xff) != 0xff || (jpeg[frame + 1] & 0xff) != 0xc0) {
            frame++;
        }
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 32_000).putShort(frame + 7, (short) 65_500);
        Path file = Files.write(folder.resolve("vast.jpg"), jpeg);

        assertThatThrownBy(() -> PictureFrontEnd.square(file, PictureReader.WHOLE_PIXELS))
                .isInstanceOf(PictureException.class)
                .hasMessage(
                        file + " claims 65500 x 32000 pixels in " + jpeg.length + " bytes; save or download it again");
    }

    @Test
    void pictureOfTooManyPixelsIsRefusedByItsHeader() throws IOException {
        Path file = Files.copy(PICTURES.resolve("rgb.png"), folder.resolve("vast.png"));
        try (RandomAccessFile png = new RandomAccessFile(file.toFile(), "rw")) {
            png.seek(16);
            png.writeInt(50_000);
            png.writeInt(50_000);
        }

        assertThatThrownBy(() -> PictureFrontEnd.square(file, FEW_PIXELS))
                .isInstanceOf(PictureException.class)
                .hasMessage(file + " has 50000 x 50000 pixels, more than 2147483645 in all; scale it down first");
    }
}
