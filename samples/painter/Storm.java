package painter;

/** Dark and restless, nearly without colour: clouds that turn, a torn horizon, lightning, waves with foam. */
final class Storm implements Scene {
    private static final double HORIZON = 0.63;

    @Override
    public Colour colour(double x, double y) {
        return y < HORIZON ? sky(x, y) : sea(x, y);
    }

    private static Colour sky(double x, double y) {
        double swirl = 0.5 * (Noise.clouds(2 * x, 2.5 * y, 101) - 0.5);
        double billow = Noise.clouds(3.2 * x + 3 * swirl, 5 * y - 4 * swirl, 111);
        Colour cloud = Colour.of(0x14171d).towards(Colour.of(0x8d949c), 2.3 * (billow - 0.33));
        double rift = StrictMath.exp(-260 * StrictMath.pow(HORIZON - 0.055 - y + 0.10 * swirl, 2));
        Colour colour = cloud.towards(Colour.of(0xd6d2bd), rift * Curves.ramp(0.95, 0.2, x) * 0.9);
        double rain =
                Noise.at(60 * (x + 0.35 * y), 5 * y, 121) * Curves.ramp(0.25, 0.55, y) * Curves.ramp(0.35, 0.75, x);
        colour = colour.towards(Colour.of(0x4b5159), 0.75 * rain);
        double bolt = bolt(x, y);
        double halo = StrictMath.exp(-18 * Math.abs(bolt)) * (1 - Curves.ramp(0.58, 0.64, y));
        colour = colour.towards(Colour.of(0xb9bfd6), 0.55 * halo);
        return colour.towards(Colour.of(0xfffdf2), 1 - Curves.ramp(0.003, 0.008, Math.abs(bolt)));
    }

    /** How far to the side of the lightning a place is; far from it where it does not reach. */
    private static double bolt(double x, double y) {
        double main =
                x - 0.70 - 0.13 * (Noise.at(7 * y, 2, 131) - 0.5) - 0.10 * (Noise.at(19 * y, 4, 132) - 0.5) - 0.05 * y;
        if (y > 0.36 && y < 0.56) {
            double branch = main + 0.75 * (y - 0.36) * (0.5 + Noise.at(14 * y, 5, 133));
            return Math.abs(branch) < Math.abs(main) ? branch : main;
        }
        return main;
    }

    private static Colour sea(double x, double y) {
        double depth = (y - HORIZON) / (1 - HORIZON);
        double scale = 1 / (0.10 + depth);
        double swell = StrictMath.sin(
                2.6 * scale * (2 + 3 * depth) + 6 * Noise.clouds(2 + 3 * x * scale, 2 * scale, 141) + 5 * x);
        double chop = Noise.clouds(9 * x * (0.6 + 0.5 * scale), 40 * depth, 151);
        Colour water = Colour.of(0x10191d).towards(Colour.of(0x5b7074), 0.38 + 0.34 * swell + 0.9 * (chop - 0.5));
        double foam = Curves.ramp(0.55, 1.05, 0.62 * swell + 0.95 * chop) * (0.35 + 0.65 * depth);
        double shine = StrictMath.exp(-70 * (x - 0.72) * (x - 0.72))
                * Curves.ramp(0.5, 0, depth)
                * Curves.ramp(0.45, 0.6, chop);
        return water.towards(Colour.of(0xdfe4e2), 0.9 * foam).towards(Colour.of(0xe8e6da), 0.8 * shine);
    }

    @Override
    public double direction(double x, double y) {
        if (y < HORIZON) {
            double rain = Curves.ramp(0.35, 0.75, x) * Curves.ramp(0.25, 0.55, y);
            return 5 * (Noise.clouds(2.2 * x, 2.6 * y, 161) - 0.5) * (1 - rain) + 1.95 * rain;
        }
        return 1.3 * (Noise.clouds(4 * x, 7 * y, 171) - 0.5);
    }

    @Override
    public double detail(double x, double y) {
        double bolt = y < HORIZON ? StrictMath.exp(-60 * Math.abs(bolt(x, y))) : 0;
        return 0.28 + 0.45 * Curves.ramp(HORIZON - 0.02, HORIZON + 0.04, y) + 0.7 * bolt;
    }
}
