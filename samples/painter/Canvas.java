package painter;

import java.util.Random;

/** A square canvas and the brush for it. */
final class Canvas {
    private final Scene scene;
    private final int side;
    private final double[] light;
    private final Random random = new Random(1);

    Canvas(Scene scene, int side) {
        this.scene = scene;
        this.side = side;
        light = new double[3 * side * side];
    }

    /** Covers the canvas, then works out the details. */
    void paint() {
        layer(1500, 46, 17, 0.04);
        layer(5000, 26, 8, 0.05);
        layer(12000, 14, 3.6, 0.05);
        layer(16000, 8, 1.9, 0.04);
    }

    /** Every pixel as {@code 0xRRGGBB}, row by row. */
    int[] pixels() {
        int[] pixels = new int[side * side];
        for (int i = 0; i < light.length; i++) {
            int level = (int) Math.clamp(StrictMath.rint(255 * light[i]), 0, 255);
            pixels[i / 3] = pixels[i / 3] << 8 | level;
        }
        return pixels;
    }

    /** Strokes of a length and a half width in pixels; finer ones go where there is detail. */
    private void layer(int strokes, double length, double halfWidth, double variation) {
        for (int i = 0; i < strokes; i++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            double dice = random.nextDouble();
            double lightness = 1 + variation * random.nextGaussian();
            double turn = 0.18 * random.nextGaussian();
            double size = 0.7 + 0.6 * random.nextDouble();
            if (halfWidth > 10 || dice < scene.detail(x, y)) {
                stroke(x, y, scene.direction(x, y) + turn, length * size, halfWidth * size, lightness);
            }
        }
    }

    /** One stroke: a rounded bar whose bristles leave lighter and darker tracks and run dry at its end. */
    private void stroke(double x, double y, double angle, double length, double halfWidth, double lightness) {
        Colour colour = scene.colour(x, y).times(lightness);
        double cosine = StrictMath.cos(angle);
        double sine = StrictMath.sin(angle);
        long bristles = random.nextLong();
        int reach = (int) (length / 2 + halfWidth + 2);
        int centreX = (int) (x * side);
        int centreY = (int) (y * side);
        for (int row = Math.max(0, centreY - reach); row < Math.min(side, centreY + reach); row++) {
            for (int column = Math.max(0, centreX - reach); column < Math.min(side, centreX + reach); column++) {
                double along = (column - x * side) * cosine + (row - y * side) * sine;
                double across = (row - y * side) * cosine - (column - x * side) * sine;
                double beyond = Math.max(0, Math.abs(along) - length / 2);
                double distance = Math.sqrt(beyond * beyond + across * across);
                double cover = Math.clamp(halfWidth - distance + 0.5, 0, 1);
                if (cover > 0) {
                    double track = Noise.at(across / 1.8 + (bristles & 1023), bristles >>> 54, 7) - 0.5;
                    double dry = Math.clamp(1.25 - 0.5 * (along / length + 0.5) + track, 0, 1);
                    blend(row, column, colour.times(1 + 0.14 * track), cover * dry * 0.92);
                }
            }
        }
    }

    private void blend(int row, int column, Colour colour, double opacity) {
        int at = 3 * (row * side + column);
        light[at] += (colour.red() - light[at]) * opacity;
        light[at + 1] += (colour.green() - light[at + 1]) * opacity;
        light[at + 2] += (colour.blue() - light[at + 2]) * opacity;
    }
}
