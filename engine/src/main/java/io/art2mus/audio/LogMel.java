package io.art2mus.audio;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/**
 * The log-mel spectrogram that the variational autoencoder was trained on: 16 kHz, a periodic Hann window of 1024 samples
 * every 160, centred with reflection, magnitudes, 64 Slaney bands up to 8 kHz, natural logarithm.
 *
 * @see <a href="https://arxiv.org/abs/2308.05734">Liu et al. 2023, AudioLDM 2</a>
 */
public final class LogMel {
    /** Samples a second that the spectrogram is defined for, Hz. */
    public static final int SAMPLE_RATE = 16000;

    /** Bands of a frame. */
    public static final int BANDS = 64;

    /** Samples from one frame to the next. */
    static final int HOP = 160;

    /** The least magnitude of a band. */
    static final double FLOOR = 1e-5;

    private static final int WINDOW = 1024;

    /** Samples of the shortest sound that can be reflected. */
    static final int SHORTEST = WINDOW / 2 + 1;

    private static final double HIGHEST = 8000;

    private LogMel() {}

    /**
     * The spectrogram of a waveform.
     *
     * @param sound at 16 kHz, longer than half a window (512 samples), full scale at −1 … 1
     * @param arena owner of the result
     * @return {@code [1 + length / 160, 64]}, float32
     * @throws SoundException if the sample rate is another, or the sound too short to reflect
     */
    public static HostTensor of(Sound sound, Arena arena) {
        if (sound.sampleRate() != SAMPLE_RATE) {
            throw new SoundException("a sound at " + sound.sampleRate() + " Hz", "resample it to " + SAMPLE_RATE);
        }
        if (sound.length() < SHORTEST) {
            throw new SoundException(
                    "a sound of " + sound.length() + " samples is too short for a spectrum",
                    "give more than " + WINDOW / 2);
        }
        long frames = 1 + sound.length() / HOP;
        HostTensor spectrogram = HostTensor.allocate(arena, Shape.of(frames, BANDS));
        MelFilters filters = MelFilters.slaney(BANDS, 0, HIGHEST, WINDOW / 2 + 1, (double) SAMPLE_RATE / WINDOW);
        Fft fft = new Fft(WINDOW);
        double[] window = HannWindow.periodic(WINDOW);
        double[] signal = new double[WINDOW];
        double[] spectrum = new double[WINDOW / 2 + 1];
        for (long frame = 0; frame < frames; frame++) {
            for (int i = 0; i < WINDOW; i++) {
                signal[i] = sound.get(reflected(frame * HOP + i - WINDOW / 2, sound.length())) * window[i];
            }
            fft.power(signal, spectrum);
            for (int bin = 0; bin < spectrum.length; bin++) {
                spectrum[bin] = Math.sqrt(spectrum[bin]);
            }
            for (int band = 0; band < BANDS; band++) {
                double value = Math.log(Math.max(filters.apply(band, spectrum), FLOOR));
                spectrogram.set(frame * BANDS + band, (float) value);
            }
        }
        return spectrogram;
    }

    /** Where a frequency lies among the bands: a whole number at the peak of a band's filter, −1 at 0 Hz. */
    static double bandAt(double hertz) {
        return MelFilters.slaneyMel(hertz) / MelFilters.slaneyMel(HIGHEST) * (BANDS + 1) - 1;
    }

    /** A position mirrored at the first and the last sample, which are not repeated. */
    private static long reflected(long position, long length) {
        long fromStart = Math.abs(position);
        return fromStart < length ? fromStart : 2 * (length - 1) - fromStart;
    }
}
