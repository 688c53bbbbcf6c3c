package io.art2mus.data;

import io.art2mus.audio.LogMel;
import io.art2mus.audio.Resampler;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundException;
import io.art2mus.audio.SoundFiles;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The ten seconds of a track that are learned from, as AudioLDM 2 prepared its own: the whole track without its mean at half of full
 * scale, cut, padded with silence, and the cut at half of full scale again.
 *
 * @see <a href="https://arxiv.org/abs/2308.05734">Liu et al. 2023, AudioLDM 2</a>
 */
final class MusicClip {
    /** Log-mel frames that the autoencoder is given: 10.24 s. */
    static final int FRAMES = 1024;

    /** Shape of a clip's spectrogram. */
    static final Shape MEL = Shape.of(1, FRAMES, LogMel.BANDS, 1);

    /** To be raised when the steps below give other values. */
    static final int COMPUTATION = 1;

    private static final int SAMPLES = FRAMES * LogMel.SAMPLE_RATE / 100;
    private static final int CUT = 10 * LogMel.SAMPLE_RATE;

    /** What comes later in a track does not count for its mean and its peak: a header may claim years. */
    private static final Duration LONGEST_TRACK = Duration.ofMinutes(10);

    private static final double LEVEL = 0.5;
    private static final double TRACK_EPSILON = 1e-8;

    /** A cut whose peak is lower is silence, and would be amplified to noise. */
    private static final double SILENCE = 1e-4;

    private MusicClip() {}

    /**
     * Reads a track and makes its spectrogram.
     *
     * @param clipStart where the cut begins, seconds; a track that ends within ten seconds from there is cut from as late as it can be
     * @param arena owner of the result
     * @return {@code [1, 1024, 64, 1]}
     * @throws SoundException if the file is no sound, or its cut is silent
     */
    static HostTensor logMel(Path file, double clipStart, Arena arena) {
        try (Arena scratch = Arena.ofConfined()) {
            Sound stored = SoundFiles.read(file, LONGEST_TRACK, scratch);
            Sound track = Resampler.between(scratch, stored.sampleRate(), LogMel.SAMPLE_RATE)
                    .resample(stored, scratch);
            Sound clip = cut(file, track, clipStart, scratch);
            return LogMel.of(clip, arena).rows(0, FRAMES).reshaped(MEL);
        }
    }

    /**
     * Cuts a track.
     *
     * @param file named in errors
     * @param track at 16 kHz
     * @param arena owner of the result
     * @return 163,840 samples
     */
    static Sound cut(Path file, Sound track, double clipStart, Arena arena) {
        requireFinite(file, track);
        long start = Math.clamp(Math.round(clipStart * track.sampleRate()), 0, Math.max(0, track.length() - CUT));
        long length = Math.min(CUT, track.length() - start);
        double mean = mean(track);
        double level = LEVEL / (peak(track, mean) + TRACK_EPSILON);
        Sound clip = Sound.allocate(arena, SAMPLES, track.sampleRate());
        for (long i = 0; i < length; i++) {
            clip.set(i, (float) ((track.get(start + i) - mean) * level));
        }
        double peak = peak(clip, 0);
        if (peak < SILENCE) {
            throw new SoundException(
                    file + " is silent from " + (double) start / track.sampleRate() + " s on for ten seconds",
                    "leave it out, or move the cut by --clip-start");
        }
        for (long i = 0; i < length; i++) {
            clip.set(i, (float) (clip.get(i) / peak * LEVEL));
        }
        return clip;
    }

    private static void requireFinite(Path file, Sound track) {
        for (long i = 0; i < track.length(); i++) {
            if (!Float.isFinite(track.get(i))) {
                throw new SoundException(file + " holds a sample that is no number", "make the file again");
            }
        }
    }

    private static double mean(Sound sound) {
        double sum = 0;
        for (long i = 0; i < sound.length(); i++) {
            sum += sound.get(i);
        }
        return sound.length() == 0 ? 0 : sum / sound.length();
    }

    private static double peak(Sound sound, double mean) {
        double peak = 0;
        for (long i = 0; i < sound.length(); i++) {
            peak = Math.max(peak, Math.abs(sound.get(i) - mean));
        }
        return peak;
    }
}
