package io.art2mus.encoder.audio;

import io.art2mus.audio.Fft;
import io.art2mus.audio.HannWindow;
import io.art2mus.audio.MelFilters;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundException;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/**
 * The audio front end of ImageBind: three clips of two seconds (start, middle, end), each as Kaldi's log filter bank with 128
 * bands, normalised by AudioSet's statistics.
 *
 * @see <a href="https://arxiv.org/abs/2305.05665">Girdhar et al. 2023, ImageBind, appendix B</a>
 */
public final class AudioFrontEnd {
    /** Samples a second that the filter bank is defined for, Hz. */
    public static final int SAMPLE_RATE = 16000;

    /** Clips that stand for one sound. */
    public static final int CLIPS = 3;

    /** Bands of a clip's filter bank. */
    public static final int BANDS = 128;

    /** Frames of a clip's filter bank. */
    public static final int FRAMES = 204;

    private static final int CLIP_LENGTH = 2 * SAMPLE_RATE;
    private static final int WINDOW = 400;
    private static final int HOP = 160;
    private static final int FFT_LENGTH = 512;
    private static final double LOWEST = 20;
    private static final double HIGHEST = 8000;
    private static final double PRE_EMPHASIS = 0.97;

    /** Kaldi's floor beneath the logarithm: the distance from 1 to the next float32. */
    private static final double FLOOR = Math.ulp(1f);

    private static final double MEAN = -4.268;
    private static final double DEVIATION = 9.138;

    private final MelFilters filters =
            MelFilters.kaldi(BANDS, LOWEST, HIGHEST, FFT_LENGTH / 2, (double) SAMPLE_RATE / FFT_LENGTH);
    private final Fft fft = new Fft(FFT_LENGTH);
    private final double[] window = HannWindow.symmetric(WINDOW);
    private final double[] signal = new double[FFT_LENGTH];
    private final double[] spectrum = new double[FFT_LENGTH / 2];

    private AudioFrontEnd() {}

    /**
     * The clips of a waveform. A sound shorter than two seconds is three times the same clip.
     *
     * @param sound at 16 kHz, at least one window (400 samples) long, full scale at −1 … 1
     * @param arena owner of the result
     * @return {@code [3, 1, 128, 204]}, float32, normalised; frames beyond a clip's end are the value 0 before normalisation
     * @throws SoundException if the sample rate is another, or the sound shorter than a window
     */
    public static HostTensor clips(Sound sound, Arena arena) {
        if (sound.sampleRate() != SAMPLE_RATE) {
            throw new SoundException("a sound at " + sound.sampleRate() + " Hz", "resample it to " + SAMPLE_RATE);
        }
        if (sound.length() < WINDOW) {
            throw new SoundException(
                    "a sound of " + sound.length() + " samples is too short to compare", "give at least " + WINDOW);
        }
        AudioFrontEnd frontEnd = new AudioFrontEnd();
        HostTensor clips = HostTensor.allocate(arena, Shape.of(CLIPS, 1, BANDS, FRAMES));
        long length = Math.min(sound.length(), CLIP_LENGTH);
        long lastStart = sound.length() - length;
        for (int clip = 0; clip < CLIPS; clip++) {
            Sound part = sound.slice(lastStart * clip / (CLIPS - 1), length);
            frontEnd.filterBank(part, clips, (long) clip * BANDS * FRAMES);
        }
        return clips;
    }

    /** Writes one clip {@code [128, 204]} from {@code offset} on. */
    private void filterBank(Sound clip, HostTensor out, long offset) {
        double mean = mean(clip);
        int frames = (int) (1 + (clip.length() - WINDOW) / HOP);
        for (int frame = 0; frame < FRAMES; frame++) {
            if (frame < frames) {
                powerSpectrum(clip, (long) frame * HOP, mean);
            }
            for (int band = 0; band < BANDS; band++) {
                double value = frame < frames ? Math.log(Math.max(filters.apply(band, spectrum), FLOOR)) : 0;
                out.set(offset + (long) band * FRAMES + frame, (float) ((value - MEAN) / DEVIATION));
            }
        }
    }

    private static double mean(Sound clip) {
        double sum = 0;
        for (long i = 0; i < clip.length(); i++) {
            sum += clip.get(i);
        }
        return sum / clip.length();
    }

    private void powerSpectrum(Sound clip, long start, double clipMean) {
        double frameMean = 0;
        for (int i = 0; i < WINDOW; i++) {
            signal[i] = clip.get(start + i) - clipMean;
            frameMean += signal[i] / WINDOW;
        }
        double previous = signal[0] - frameMean;
        for (int i = 0; i < WINDOW; i++) {
            double sample = signal[i] - frameMean;
            signal[i] = (sample - PRE_EMPHASIS * previous) * window[i];
            previous = sample;
        }
        fft.power(signal, spectrum);
    }
}
