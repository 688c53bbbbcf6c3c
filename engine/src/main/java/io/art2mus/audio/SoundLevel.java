package io.art2mus.audio;

import java.util.Locale;

/**
 * How loud a waveform is.
 *
 * @param peak largest absolute sample, full scale being 1
 * @param rms root of the mean square
 * @param seconds duration
 */
public record SoundLevel(double peak, double rms, double seconds) {
    /**
     * Measures a waveform.
     *
     * @throws SoundException if it is empty, or a sample is not finite
     */
    public static SoundLevel of(Sound sound) {
        long length = sound.length();
        if (length == 0) {
            throw new SoundException("the waveform is empty", "ask for more seconds");
        }
        float peak = 0;
        double squares = 0;
        for (long i = 0; i < length; i++) {
            float sample = sound.get(i);
            if (!Float.isFinite(sample)) {
                throw new SoundException(
                        "the waveform is not finite at sample %d of %d".formatted(i, length),
                        "try another --seed or --precision f32");
            }
            peak = Math.max(peak, Math.abs(sample));
            squares += (double) sample * sample;
        }
        return new SoundLevel(peak, Math.sqrt(squares / length), sound.seconds());
    }

    /** A factor in decibels: 1 is 0 dB, 0 minus infinity. */
    public static double decibels(double factor) {
        return 20 * Math.log10(factor);
    }

    /** As {@code 10.24 s, peak -1.0 dBFS, RMS -14.2 dBFS}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.2f s, peak %.1f dBFS, RMS %.1f dBFS", seconds, decibels(peak), decibels(rms));
    }
}
