package io.art2mus.audio;

/** The discrete Fourier transform of one length, a power of two: radix 2, in place, in doubles. Not to be shared by threads. */
public final class Fft {
    private final int length;
    private final double[] cosines;
    private final double[] sines;
    private final double[] real;
    private final double[] imaginary;

    /** @param length a power of two */
    public Fft(int length) {
        if (length < 2 || Integer.bitCount(length) != 1) {
            throw new IllegalArgumentException(length + " is no power of two above 1");
        }
        this.length = length;
        cosines = new double[length / 2];
        sines = new double[length / 2];
        for (int i = 0; i < length / 2; i++) {
            double angle = -2 * Math.PI * i / length;
            cosines[i] = Math.cos(angle);
            sines[i] = Math.sin(angle);
        }
        real = new double[length];
        imaginary = new double[length];
    }

    /**
     * The power of each frequency of a real signal.
     *
     * @param signal {@code [length]}
     * @param power {@code [length / 2 + 1]} or shorter, overwritten with |X|²
     */
    public void power(double[] signal, double[] power) {
        int shift = Integer.numberOfLeadingZeros(length) + 1;
        for (int i = 0; i < length; i++) {
            real[Integer.reverse(i) >>> shift] = signal[i];
            imaginary[i] = 0;
        }
        for (int half = 1; half < length; half *= 2) {
            butterflies(half);
        }
        for (int bin = 0; bin < power.length; bin++) {
            power[bin] = real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
        }
    }

    /** Joins transforms of length {@code half} in pairs: Cooley and Tukey 1965. */
    private void butterflies(int half) {
        int step = length / (2 * half);
        for (int start = 0; start < length; start += 2 * half) {
            for (int i = 0; i < half; i++) {
                double cosine = cosines[i * step];
                double sine = sines[i * step];
                int even = start + i;
                int odd = even + half;
                double turnedReal = real[odd] * cosine - imaginary[odd] * sine;
                double turnedImaginary = real[odd] * sine + imaginary[odd] * cosine;
                real[odd] = real[even] - turnedReal;
                imaginary[odd] = imaginary[even] - turnedImaginary;
                real[even] += turnedReal;
                imaginary[even] += turnedImaginary;
            }
        }
    }
}
