package io.art2mus.audio;

/**
 * A low-pass filter in continuous time: the ideal one, a sinc, cut off smoothly by a Kaiser window. Time counts in samples
 * of the lower of two rates, frequency in that rate's Nyquist frequency.
 *
 * <p>It passes what lies below {@code 1 − TRANSITION} and rejects what lies above 1 by about 100 dB.
 *
 * @see "Oppenheim and Schafer, Discrete-Time Signal Processing, on filter design with the Kaiser window"
 */
final class WindowedSinc {
    /** Where the window ends, on either side. */
    static final int HALF_WIDTH = 64;

    private static final double REJECTION_DECIBELS = 100;
    private static final double BETA = 0.1102 * (REJECTION_DECIBELS - 8.7);

    /** Width of the band in which the filter falls, as a share of the Nyquist frequency: a tenth. */
    static final double TRANSITION = (REJECTION_DECIBELS - 7.95) / (2.285 * Math.PI * 2 * HALF_WIDTH);

    private static final double CUTOFF = 1 - TRANSITION / 2;
    private static final double WINDOW_PEAK = besselI0(BETA);

    private WindowedSinc() {}

    /** The impulse response at a time. */
    static double at(double time) {
        double position = time / HALF_WIDTH;
        if (Math.abs(position) >= 1) {
            return 0;
        }
        double window = besselI0(BETA * Math.sqrt(1 - position * position)) / WINDOW_PEAK;
        double angle = Math.PI * CUTOFF * time;
        double sinc = angle == 0 ? 1 : Math.sin(angle) / angle;
        return CUTOFF * sinc * window;
    }

    /** Modified Bessel function of the first kind and order 0, by its power series. */
    private static double besselI0(double x) {
        double quarter = x * x / 4;
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= quarter / ((double) k * k);
            sum += term;
        }
        return sum;
    }
}
