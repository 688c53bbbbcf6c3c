package painter;

/** Shapes that scenes are made of. */
final class Curves {
    private Curves() {}

    /** 0 up to {@code from}, 1 from {@code to} on. */
    static double ramp(double from, double to, double at) {
        double t = Math.clamp((at - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }

    static double distance(double x, double y, double otherX, double otherY) {
        return Math.sqrt((x - otherX) * (x - otherX) + (y - otherY) * (y - otherY));
    }
}
