package painter;

/** Calm and green: tall trunks, mist with morning light between them, ferns below. */
final class Forest implements Scene {
    @Override
    public Colour colour(double x, double y) {
        double glow =
                StrictMath.exp(-9 * Curves.distance(x, 0.8 * y, 0.62, 0.26) * Curves.distance(x, 0.8 * y, 0.62, 0.26));
        Colour mist =
                Colour.of(0x1f4a35).towards(Colour.of(0xe9efae), 0.95 * glow + 0.1 * Noise.clouds(3 * x, 3 * y, 1));
        double shaft = Noise.at(9 * (x + 0.45 * y), 0, 5) * Curves.ramp(0.1, 0.5, y) * (1 - Curves.ramp(0.6, 0.9, y));
        Colour colour = mist.towards(Colour.of(0xd9e68f), 0.35 * shaft * glow + 0.12 * shaft);
        double[][] rows = {{13, 0.010, 0.42, 11}, {8, 0.017, 0.66, 12}, {4, 0.034, 0.93, 13}};
        for (double[] row : rows) {
            double foot = 0.60 + 0.30 * row[2] * row[2];
            if (y < foot) {
                double bark = trunk(x, y, row);
                double lit = Curves.ramp(-1, 1, side(x, y, row)) * glow;
                Colour wood = Colour.of(0x5d7f5d).towards(Colour.of(0x14251c), row[2]);
                colour = colour.towards(wood.towards(Colour.of(0xc8b264), 0.55 * lit), bark * (0.35 + 0.65 * row[2]));
            }
        }
        double leaves = Noise.clouds(7 * x, 9 * y, 21);
        double canopy = Curves.ramp(0.46, 0.56, leaves + 0.30 - 1.05 * y + 0.35 * Math.abs(x - 0.62));
        Colour leaf = Colour.of(0x123d22).towards(Colour.of(0x8fb93c), 1.6 * (Noise.clouds(16 * x, 16 * y, 31) - 0.3));
        colour = colour.towards(leaf.towards(Colour.of(0xeef0a0), 0.5 * glow), 0.9 * canopy);
        double ground = Curves.ramp(0.62, 0.74, y + 0.10 * (Noise.clouds(4 * x, 3 * y, 41) - 0.5));
        Colour moss = Colour.of(0x2c5a26).towards(Colour.of(0xa9c24b), 1.9 * (Noise.clouds(11 * x, 26 * y, 51) - 0.36));
        Colour path = moss.towards(
                Colour.of(0xe3dc9a), 0.75 * StrictMath.exp(-60 * StrictMath.pow(x - 0.62 + 0.5 * (y - 0.66), 2) / y));
        return colour.towards(path.times(1.15 - 0.55 * Curves.ramp(0.7, 1, y)), ground);
    }

    /** Of a row of trunks (how many, half width, nearness, seed): 1 inside of one, 0 between them. */
    private static double trunk(double x, double y, double[] row) {
        return 1 - Curves.ramp(0.75, 1.1, Math.abs(side(x, y, row)));
    }

    /** The place across the nearest trunk: −1 at its left edge, 1 at its right one. */
    private static double side(double x, double y, double[] row) {
        double cell = Math.floor(x * row[0]);
        double nearest = 1e9;
        for (double i = cell - 1; i <= cell + 1; i++) {
            double centre = (i + 0.2 + 0.6 * Noise.at(i, 0, (int) row[3])) / row[0];
            double lean = 0.05 * (Noise.at(i, 3, (int) row[3]) - 0.5);
            double width = row[1] * (0.7 + 0.6 * Noise.at(i, 7, (int) row[3])) * (0.75 + 0.5 * y * y);
            double place = (x - centre - lean * (y - 0.5) - 0.004 * Noise.at(9 * y, i, 3)) / width;
            nearest = Math.abs(place) < Math.abs(nearest) ? place : nearest;
        }
        return nearest;
    }

    @Override
    public double direction(double x, double y) {
        if (y > 0.68) {
            return 0.9 * (Noise.clouds(6 * x, 6 * y, 61) - 0.5) + (x < 0.55 ? -0.25 : 0.25);
        }
        double leaves = Curves.ramp(0.45, 0.1, y) * 5 * (Noise.clouds(5 * x, 5 * y, 71) - 0.5);
        return StrictMath.PI / 2 + leaves;
    }

    @Override
    public double detail(double x, double y) {
        return 0.55 - 0.4 * StrictMath.exp(-14 * Curves.distance(x, y, 0.62, 0.34));
    }
}
