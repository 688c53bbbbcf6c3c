package io.art2mus.audio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Changes the sample rate of a waveform without what is not in it: everything above the lower rate's Nyquist frequency is
 * rejected by more than 95 dB, the lower nine tenths pass unchanged. The two rates' ratio is exact, an output sample stands at the
 * same second as before, and outside the waveform there is silence.
 *
 * <p>Filters are computed once, one for each position of an output sample between two input samples. Safe for use by
 * several threads as far as its arena is.
 *
 * @see <a href="https://ccrma.stanford.edu/~jos/resample/">Smith 1984, digital audio resampling</a>
 */
public final class Resampler {
    private static final int LOWEST_RATE = 1_000;
    /** Bounds the filters of two rates without a common divisor to 200 MB. */
    private static final int HIGHEST_RATE = 384_000;

    private final int fromRate;
    private final int toRate;

    /** Input samples a step of {@code up} output samples, both without a common divisor. */
    private final int down;

    private final int up;

    /** Input samples before an output sample's time, and as many after it, that it is made of. */
    private final int reach;

    /** {@code [up, 2 · reach]}, float32. */
    private final MemorySegment filters;

    private Resampler(Arena arena, int fromRate, int toRate) {
        this.fromRate = fromRate;
        this.toRate = toRate;
        int divisor = greatestCommonDivisor(fromRate, toRate);
        down = fromRate / divisor;
        up = toRate / divisor;
        double bandwidth = Math.min(1, (double) up / down);
        reach = (int) Math.ceil(WindowedSinc.HALF_WIDTH / bandwidth);
        filters = arena.allocate(ValueLayout.JAVA_FLOAT, 2L * reach * up);
        double[] filter = new double[2 * reach];
        for (int phase = 0; phase < up; phase++) {
            double sum = 0;
            for (int tap = 0; tap < filter.length; tap++) {
                filter[tap] = WindowedSinc.at(bandwidth * ((double) phase / up - (tap - reach + 1)));
                sum += filter[tap];
            }
            // Dividing by the sum keeps a constant constant, whatever the phase.
            for (int tap = 0; tap < filter.length; tap++) {
                filters.setAtIndex(
                        ValueLayout.JAVA_FLOAT, (long) phase * filter.length + tap, (float) (filter[tap] / sum));
            }
        }
    }

    /**
     * Computes the filters for a pair of rates; they are owned by {@code arena}.
     *
     * @param fromRate sample rate of the input, Hz
     * @param toRate sample rate of the output, Hz
     * @throws SoundException where a rate is below 1,000 or above 384,000 Hz
     */
    public static Resampler between(Arena arena, int fromRate, int toRate) {
        requireRate(fromRate);
        requireRate(toRate);
        return new Resampler(arena, fromRate, toRate);
    }

    /** How many samples come out for {@code length} going in: as many as last as long, rounded up. */
    public long outputLength(long length) {
        return Math.ceilDiv(Math.multiplyExact(length, (long) up), (long) down);
    }

    /** The sound at the other rate, owned by {@code arena}. */
    public Sound resample(Sound sound, Arena arena) {
        if (sound.sampleRate() != fromRate) {
            throw new IllegalArgumentException("a sound at " + sound.sampleRate() + " Hz, not at " + fromRate);
        }
        Sound resampled = Sound.allocate(arena, outputLength(sound.length()), toRate);
        resample(sound.samples(), resampled.samples(), 1);
        return resampled;
    }

    /**
     * Resamples interleaved channels.
     *
     * @param input {@code [length, channels]}, float32
     * @param output {@code [outputLength(length), channels]}, float32, overwritten
     */
    public void resample(MemorySegment input, MemorySegment output, int channels) {
        long frame = (long) channels * Float.BYTES;
        long length = input.byteSize() / frame;
        if (length * frame != input.byteSize() || outputLength(length) * frame != output.byteSize()) {
            throw new IllegalArgumentException(input.byteSize() + " bytes of " + channels + " channels do not become "
                    + output.byteSize() + " bytes");
        }
        if (up == down) {
            output.copyFrom(input);
            return;
        }
        long samples = outputLength(length);
        for (long sample = 0; sample < samples; sample++) {
            long time = sample * down;
            long first = time / up - reach + 1;
            int phase = (int) (time % up);
            for (int channel = 0; channel < channels; channel++) {
                float value = filtered(input, length, channels, channel, first, phase);
                output.setAtIndex(ValueLayout.JAVA_FLOAT, sample * channels + channel, value);
            }
        }
    }

    /** The input around a time, weighted by the filter of its phase. */
    private float filtered(MemorySegment input, long length, int channels, int channel, long first, int phase) {
        int taps = 2 * reach;
        int start = Math.clamp(-first, 0, taps);
        int end = Math.clamp(length - first, 0, taps);
        long filter = (long) phase * taps;
        double sum = 0;
        for (int tap = start; tap < end; tap++) {
            sum += (double) filters.getAtIndex(ValueLayout.JAVA_FLOAT, filter + tap)
                    * input.getAtIndex(ValueLayout.JAVA_FLOAT, (first + tap) * channels + channel);
        }
        return (float) sum;
    }

    private static void requireRate(int rate) {
        if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
            throw new SoundException(
                    "a sample rate of " + rate + " Hz",
                    "give a sound at " + LOWEST_RATE + " to " + HIGHEST_RATE + " Hz");
        }
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
