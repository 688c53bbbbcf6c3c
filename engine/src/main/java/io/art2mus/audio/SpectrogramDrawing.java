package io.art2mus.audio;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The picture around a spectrogram: title, seconds below, frequencies at their mel places on the left, decibels on the right. */
final class SpectrogramDrawing {
    /** Width of the spectrogram, pixels: about one for each frame of 10.24 s. */
    static final int COLUMNS = 1024;

    /** Height of a band, pixels. */
    static final int BAND_HEIGHT = 6;

    /** Where the spectrogram's left upper corner lies in the picture, pixels. */
    static final int LEFT = 84;

    static final int TOP = 52;

    private static final int HEIGHT = LogMel.BANDS * BAND_HEIGHT;
    private static final int BOTTOM = TOP + HEIGHT;
    private static final int BAR_LEFT = LEFT + COLUMNS + 24;
    private static final int BAR_WIDTH = 18;
    private static final int TICK = 5;
    private static final int[] HERTZ = {200, 500, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 7000};
    private static final int DECIBELS_A_TICK = 20;
    private static final int MOST_SECONDS_TICKS = 11;
    private static final Color INK = new Color(0x33, 0x33, 0x3a);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 18);
    private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private final BufferedImage picture =
            new BufferedImage(BAR_LEFT + BAR_WIDTH + 66, BOTTOM + 60, BufferedImage.TYPE_INT_RGB);

    /** Refuses a machine on which Java finds no font. */
    static void requireFonts() {
        BufferedImage probe = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        try {
            Graphics2D pen = probe.createGraphics();
            pen.setFont(LABEL);
            pen.drawString("0", 0, 0);
            pen.dispose();
        } catch (RuntimeException | Error missing) {
            // Java has no type for this: an Error or a RuntimeException first, a NoClassDefFoundError when asked again.
            throw new SoundException(
                    "a spectrogram's labels cannot be drawn: Java finds no fonts",
                    "install them, for instance with: sudo apt-get install fontconfig fonts-dejavu-core",
                    missing);
        }
    }

    BufferedImage picture() {
        return picture;
    }

    /** Colours the plot: {@code [COLUMNS][BANDS]}, the lowest band first, 0 … 1. */
    void plot(double[][] columns) {
        for (int x = 0; x < COLUMNS; x++) {
            for (int y = 0; y < HEIGHT; y++) {
                picture.setRGB(LEFT + x, TOP + y, Magma.rgb(columns[x][LogMel.BANDS - 1 - y / BAND_HEIGHT]));
            }
        }
    }

    /** Draws everything else. */
    void axes(String title, double seconds) {
        Graphics2D pen = picture.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        pen.setColor(INK);
        pen.setFont(TITLE);
        pen.drawString(fitting(printable(title), pen.getFontMetrics(), COLUMNS), LEFT, TOP - 20);
        pen.setFont(LABEL);
        frequencies(pen);
        times(pen, seconds);
        decibels(pen);
        pen.dispose();
    }

    private static void frequencies(Graphics2D pen) {
        for (int hertz : HERTZ) {
            int y = BOTTOM - (int) Math.round((LogMel.bandAt(hertz) + 0.5) * BAND_HEIGHT);
            pen.drawLine(LEFT - 1 - TICK, y, LEFT - 2, y);
            String label = hertz < 1000 ? hertz + " Hz" : plain(hertz / 1000.0) + " kHz";
            drawRightOf(pen, label, LEFT - TICK - 6, y);
        }
    }

    private static void times(Graphics2D pen, double seconds) {
        double step = evenStep(seconds / MOST_SECONDS_TICKS);
        for (int i = 0; i * step <= seconds * (1 + 1e-9); i++) {
            int x = LEFT + (int) Math.round((COLUMNS - 1) * i * step / seconds);
            pen.drawLine(x, BOTTOM + 1, x, BOTTOM + TICK);
            drawCentred(pen, plain(i * step), x, BOTTOM + 21);
        }
        drawCentred(pen, "seconds", LEFT + COLUMNS / 2, BOTTOM + 45);
    }

    private void decibels(Graphics2D pen) {
        for (int y = 0; y < HEIGHT; y++) {
            int rgb = Magma.rgb(1 - y / (HEIGHT - 1.0));
            for (int x = 0; x < BAR_WIDTH; x++) {
                picture.setRGB(BAR_LEFT + x, TOP + y, rgb);
            }
        }
        int right = BAR_LEFT + BAR_WIDTH;
        for (int below = 0; below <= SpectrogramPicture.RANGE_DECIBELS; below += DECIBELS_A_TICK) {
            int y = TOP + (int) Math.round((HEIGHT - 1) * below / SpectrogramPicture.RANGE_DECIBELS);
            pen.drawLine(right + 1, y, right + TICK, y);
            String label = below == 0 ? "0 dB" : "\u2212" + below + " dB";
            pen.drawString(label, right + TICK + 5, y + middle(pen));
        }
    }

    private static void drawRightOf(Graphics2D pen, String text, int right, int y) {
        pen.drawString(text, right - pen.getFontMetrics().stringWidth(text), y + middle(pen));
    }

    private static void drawCentred(Graphics2D pen, String text, int x, int y) {
        pen.drawString(text, x - pen.getFontMetrics().stringWidth(text) / 2, y);
    }

    /** From a line's middle down to its base line. */
    private static int middle(Graphics2D pen) {
        return pen.getFontMetrics().getAscent() / 2 - 1;
    }

    /** The least of 1, 2 and 5 times a power of ten that is at least this. */
    static double evenStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= least * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** A number without what binary fractions leave at its end, and never with an exponent. */
    private static String plain(double number) {
        return new BigDecimal(number)
                .setScale(9, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "");
    }

    private static String fitting(String text, FontMetrics metrics, int width) {
        if (metrics.stringWidth(text) <= width) {
            return text;
        }
        int end = text.length();
        while (end > 0 && metrics.stringWidth(text.substring(0, end) + "…") > width) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end) + "…";
    }
}
