package io.art2mus.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpectrogramPictureTest {
    private static final int WIDTH = 1216;
    private static final int HEIGHT = 496;
    private static final int BLACK = 0x000004;

    private final Arena arena = Arena.ofConfined();

    @TempDir
    private Path folder;

    @AfterEach
    void free() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 513, 16_000, 163_840, 9_600_000})
    void thePictureIsOfOneSizeWhateverTheLength(int samples) throws IOException {
        BufferedImage picture = drawn(sine(440, samples, 16_000));
        assertThat(picture.getWidth()).isEqualTo(WIDTH);
        assertThat(picture.getHeight()).isEqualTo(HEIGHT);
    }

    @ParameterizedTest
    @ValueSource(ints = {16_000, 44_100})
    void aSineLightsTheRowOfItsFrequency(int sampleRate) throws IOException {
        BufferedImage picture = drawn(sine(1000, 2 * sampleRate, sampleRate));
        int brightest = 0;
        for (int band = 0; band < LogMel.BANDS; band++) {
            if (lightness(picture, 500, band) > lightness(picture, 500, brightest)) {
                brightest = band;
            }
        }
        // 15 of the 45.2 mel below 8 kHz, at 65 steps of them to where the 65th band would peak.
        assertThat(brightest).isEqualTo((int) Math.round(LogMel.bandAt(1000))).isEqualTo(21);
        assertThat(lightness(picture, 500, 21)).as("the loudest point").isGreaterThan(600);
        assertThat(lightness(picture, 500, 50)).as("far from it").isLessThan(100);
    }

    @Test
    void aSoundStandsAtItsSeconds() throws IOException {
        Sound sound = Sound.allocate(arena, 32_000, 16_000);
        sound.set(16_000, 1);
        BufferedImage picture = drawn(sound);
        assertThat(lightness(picture, 512, 30)).isGreaterThan(500);
        assertThat(lightness(picture, 480, 30)).isLessThan(20);
        assertThat(lightness(picture, 544, 30)).isLessThan(20);
    }

    @Test
    void silenceIsBlack() throws IOException {
        BufferedImage picture = drawn(Sound.allocate(arena, 16_000, 16_000));
        for (int x = 0; x < SpectrogramDrawing.COLUMNS; x++) {
            for (int band = 0; band < LogMel.BANDS; band++) {
                assertThat(rgb(picture, x, band)).isEqualTo(BLACK);
            }
        }
    }

    @Test
    void theSameSoundMakesTheSameBytes() throws IOException {
        Sound sound = sine(330, 50_000, 16_000);
        SpectrogramPicture.write(folder.resolve("first.png"), sound, "title");
        SpectrogramPicture.write(folder.resolve("second.png"), sound, "title");
        assertThat(folder.resolve("first.png")).hasSameBinaryContentAs(folder.resolve("second.png"));
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("first.png", "second.png");
    }

    @Test
    void controlCharactersOfATitleAreLeftOutAndALongOneIsCut() throws IOException {
        Sound sound = sine(330, 5000, 16_000);
        SpectrogramPicture.write(folder.resolve("plain.png"), sound, "a title" + " that is long".repeat(100));
        SpectrogramPicture.write(folder.resolve("odd.png"), sound, "a\n ti\u001btle" + " that is long".repeat(200));
        assertThat(folder.resolve("odd.png")).hasSameBinaryContentAs(folder.resolve("plain.png"));
    }

    @Test
    void whatIsNoSoundIsRefusedAndTheOldFileStays() throws IOException {
        Path file = Files.writeString(folder.resolve("out.png"), "old");
        Sound broken = sine(330, 5000, 16_000);
        broken.set(77, Float.NaN);
        assertThatThrownBy(() -> SpectrogramPicture.write(file, broken, ""))
                .isInstanceOf(SoundException.class)
                .hasMessageContaining("not finite at sample 77 of 5000");
        assertThatThrownBy(() -> SpectrogramPicture.write(file, broken.slice(0, 0), ""))
                .isInstanceOf(SoundException.class)
                .hasMessageContaining("empty");
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("out.png");
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("absent/out.png");
        assertThatThrownBy(() -> SpectrogramPicture.requireWritable(file))
                .isInstanceOf(SoundException.class)
                .hasMessage(file + ": its folder does not exist; create it first");
    }

    @Test
    void aMachineWithoutFontsIsOneClearLine() throws IOException, InterruptedException {
        // What Java asks for fonts is loaded by these names; files that are no libraries hide the machine's.
        Files.createFile(folder.resolve("libfontconfig.so.1"));
        Files.createFile(folder.resolve("libfontconfig.so"));
        ProcessBuilder fontless = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--class-path",
                System.getProperty("java.class.path"),
                Fontless.class.getName(),
                folder.resolve("out.png").toString());
        fontless.environment().put("LD_LIBRARY_PATH", folder.toString());
        Process process = fontless.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        String line = "a spectrogram's labels cannot be drawn: Java finds no fonts; "
                + "install them, for instance with: sudo apt-get install fontconfig fonts-dejavu-core";
        assertThat(said.lines()).as("said twice").containsExactly(line, line);
    }

    /** Asks twice for a picture, and prints what it was told. */
    static final class Fontless {
        public static void main(String[] arguments) {
            for (int time = 0; time < 2; time++) {
                try {
                    SpectrogramPicture.requireWritable(Path.of(arguments[0]));
                } catch (SoundException refused) {
                    System.out.println(refused.getMessage());
                }
            }
        }
    }

    private BufferedImage drawn(Sound sound) throws IOException {
        File file = folder.resolve("picture.png").toFile();
        SpectrogramPicture.write(file.toPath(), sound, "a sine");
        return ImageIO.read(file);
    }

    private Sound sine(double hertz, int samples, int sampleRate) {
        Sound sound = Sound.allocate(arena, samples, sampleRate);
        for (int i = 0; i < samples; i++) {
            sound.set(i, (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / sampleRate + 0.3)));
        }
        return sound;
    }

    private static int rgb(BufferedImage picture, int column, int band) {
        int fromTop = (LogMel.BANDS - 1 - band) * SpectrogramDrawing.BAND_HEIGHT + SpectrogramDrawing.BAND_HEIGHT / 2;
        return picture.getRGB(SpectrogramDrawing.LEFT + column, SpectrogramDrawing.TOP + fromTop) & 0xffffff;
    }

    private static int lightness(BufferedImage picture, int column, int band) {
        int rgb = rgb(picture, column, band);
        return (rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff);
    }
}
