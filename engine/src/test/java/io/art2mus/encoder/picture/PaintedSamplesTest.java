package io.art2mus.encoder.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pictures of the folder of samples that come with the program that paints them. */
class PaintedSamplesTest {
    private static final Path SAMPLES = Path.of("../samples");
    private static final long MOST_BYTES = 150_000;

    @TempDir
    private static Path painted;

    @BeforeAll
    static void paint() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process painter = new ProcessBuilder(
                        java.toString(), SAMPLES.resolve("painter/Paint.java").toString(), painted.toString())
                .inheritIO()
                .start();
        try {
            assertThat(painter.waitFor(5, TimeUnit.MINUTES)).as("done in time").isTrue();
        } finally {
            painter.destroyForcibly();
        }
        assertThat(painter.exitValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"forest.png", "storm.png", "festival.png"})
    void theSampleIsWhatTheProgramPaints(String name) throws IOException {
        assertThat(pixels(SAMPLES.resolve(name))).isEqualTo(pixels(painted.resolve(name)));
        assertThat(Files.size(SAMPLES.resolve(name))).as("bytes").isLessThanOrEqualTo(MOST_BYTES);
    }

    private static int[] pixels(Path file) throws IOException {
        BufferedImage picture = ImageIO.read(file.toFile());
        int width = picture.getWidth();
        return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
    }
}
