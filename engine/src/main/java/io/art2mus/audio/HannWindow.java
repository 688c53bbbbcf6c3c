package io.art2mus.audio;

/** Hann's window, one period of a raised cosine that begins at 0. */
public final class HannWindow {
    private HannWindow() {}

    /** Of a period as long as the window: its last sample is the one before 0, as spectra by hops are defined. */
    public static double[] periodic(int length) {
        return window(length, length);
    }

    /** Of a period one sample shorter: its last sample is 0, as its first is. */
    public static double[] symmetric(int length) {
        return window(length, length - 1);
    }

    private static double[] window(int length, int period) {
        double[] window = new double[length];
        for (int i = 0; i < length; i++) {
            window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / period);
        }
        return window;
    }
}
