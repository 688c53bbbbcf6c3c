package painter;

/** Bright and loud: lanterns on garlands before a golden evening, paper in the air, a crowd in all colours. */
final class Festival implements Scene {
    private static final int[] PAPER = {0xe8283c, 0xff8a00, 0xffd21f, 0x18a85a, 0x0f8fd6, 0x8a35c9, 0xff5fa2, 0xfff4dc};

    @Override
    public Colour colour(double x, double y) {
        double sun = Curves.distance(x, y, 0.46, 0.52);
        Colour colour = Colour.of(0xfff3b0)
                .towards(
                        Colour.of(0xffc23a),
                        Curves.ramp(0.04, 0.36, sun + 0.12 * (Noise.clouds(4 * x, 4 * y, 201) - 0.5)))
                .towards(Colour.of(0xff7a4d), Curves.ramp(0.28, 0.62, sun))
                .towards(Colour.of(0xd8447a), Curves.ramp(0.5, 0.85, sun));
        double[][] garlands = {{0.10, 0.19, 0.02}, {0.22, 0.17, -0.10}, {0.36, 0.15, 0.07}};
        for (double[] garland : garlands) {
            colour = garland(colour, x, y, garland);
        }
        colour = confetti(colour, x, y);
        return crowd(colour, x, y);
    }

    /** Paper lanterns on a cord (its height, sag and slope). */
    private static Colour garland(Colour behind, double x, double y, double[] garland) {
        double cord = garland[0] + garland[1] * (1 - 4 * (x - 0.5) * (x - 0.5)) * 0.8 + garland[2] * (x - 0.5);
        Colour colour = behind.towards(Colour.of(0x7a2a3c), 1 - Curves.ramp(0.002, 0.006, Math.abs(y - cord)));
        double cells = 9 - 6 * garland[0];
        double cell = Math.floor(x * cells + garland[0] * 3);
        double centreX = (cell + 0.5 - garland[0] * 3) / cells;
        double centreY = garland[0]
                + garland[1] * (1 - 4 * (centreX - 0.5) * (centreX - 0.5)) * 0.8
                + garland[2] * (centreX - 0.5)
                + 0.045;
        double radius = 0.030 + 0.012 * Noise.at(cell, 1, 211);
        double away = Curves.distance(x, 0.85 * y, centreX, 0.85 * centreY) / radius;
        Colour paper = Colour.of(PAPER[(int) (PAPER.length * Noise.at(cell, garland[0] * 50, 221))]);
        Colour lit = Colour.of(0xfffbe0).towards(paper, Curves.ramp(0.1, 0.85, away + 0.25 * (y - centreY) / radius));
        colour = colour.towards(
                Colour.of(0xfff0b0),
                0.5 * StrictMath.exp(-1.3 * (away - 1)) * Curves.ramp(0.9, 1.1, away) * Curves.ramp(2.6, 1.2, away));
        return colour.towards(
                lit.times(1 - 0.10 * StrictMath.cos(11 * (x - centreX) / radius)), 1 - Curves.ramp(0.92, 1.05, away));
    }

    private static Colour confetti(Colour behind, double x, double y) {
        double column = Math.floor(x * 34 + 0.6 * Noise.at(9 * y, 0, 231));
        double row = Math.floor(y * 34);
        double there = Noise.at(column, row, 241);
        if (there < 0.84 || y < 0.12) {
            return behind;
        }
        return behind.towards(Colour.of(PAPER[(int) (PAPER.length * Noise.at(column, row, 251))]), 0.9);
    }

    private static Colour crowd(Colour behind, double x, double y) {
        Colour colour = behind;
        for (int line = 0; line < 5; line++) {
            double cells = 17 - 2 * line;
            double cell = Math.floor(x * cells + 0.37 * line);
            double centreX = (cell + 0.5 - 0.37 * line + 0.3 * (Noise.at(cell, line, 261) - 0.5)) / cells;
            double top = 0.66 + 0.07 * line + 0.035 * (Noise.at(cell, line, 271) - 0.5);
            double size = 0.016 + 0.004 * line;
            Colour cloth = Colour.of(PAPER[(int) (PAPER.length * Noise.at(cell, line, 281))])
                    .towards(Colour.of(0x5b2a86), 0.38 - 0.05 * line);
            double body = Math.abs(x - centreX) / (size * (1.2 + 5 * Math.max(0, y - top - size)));
            colour = colour.towards(
                    cloth.times(1.1 - 0.5 * (y - top) / 0.34),
                    (1 - Curves.ramp(0.85, 1.1, body)) * Curves.ramp(top + 0.6 * size, top + size, y));
            double head = Curves.distance(x, y, centreX, top) / size;
            Colour skin = Colour.of(0x4a2318).towards(Colour.of(0xf0b48a), Noise.at(cell, line, 291));
            colour = colour.towards(
                    skin.towards(Colour.of(0xfff0c0), 0.4 * Curves.ramp(0, -0.02, y - top)),
                    1 - Curves.ramp(0.85, 1.1, head));
        }
        return colour;
    }

    @Override
    public double direction(double x, double y) {
        if (y > 0.66) {
            return StrictMath.PI / 2 + 1.2 * (Noise.clouds(9 * x, 9 * y, 301) - 0.5);
        }
        return StrictMath.atan2(y - 0.52, x - 0.46) + StrictMath.PI / 2 + 1.2 * (Noise.clouds(6 * x, 6 * y, 311) - 0.5);
    }

    @Override
    public double detail(double x, double y) {
        return y > 0.62 ? 0.8 : 0.6;
    }
}
