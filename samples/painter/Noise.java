package painter;

/** Smooth randomness in the plane. */
final class Noise {
    /** One octave, 0 … 1, with a cell of side 1. */
    static double at(double x, double y, int seed) {
        double left = Math.floor(x);
        double top = Math.floor(y);
        double across = smooth(x - left);
        double down = smooth(y - top);
        double above = corner(left, top, seed) * (1 - across) + corner(left + 1, top, seed) * across;
        double below = corner(left, top + 1, seed) * (1 - across) + corner(left + 1, top + 1, seed) * across;
        return above * (1 - down) + below * down;
    }

    /** Four octaves, about 0.2 … 0.8. */
    static double clouds(double x, double y, int seed) {
        return (8 * at(x, y, seed)
                        + 4 * at(2 * x, 2 * y, seed + 1)
                        + 2 * at(4 * x, 4 * y, seed + 2)
                        + at(8 * x, 8 * y, seed + 3))
                / 15;
    }

    private static double smooth(double t) {
        return t * t * (3 - 2 * t);
    }

    private static double corner(double x, double y, int seed) {
        long bits = ((long) x * 0x9E3779B97F4A7C15L) ^ ((long) y * 0xC2B2AE3D27D4EB4FL) ^ (seed * 0x165667B19E3779F9L);
        bits = (bits ^ bits >>> 29) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 32) * 0x94D049BB133111EBL;
        return (bits >>> 11) * 0x1p-53;
    }
}
