package io.art2mus.audio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A mono waveform. It does not own the memory: the arena it was allocated from does.
 *
 * @param samples {@code [length]}, float32, full scale at −1 … 1
 * @param sampleRate samples a second, Hz
 */
public record Sound(MemorySegment samples, int sampleRate) {
    public Sound {
        if (sampleRate <= 0 || samples.byteSize() % Float.BYTES != 0) {
            throw new IllegalArgumentException(
                    samples.byteSize() + " bytes at " + sampleRate + " Hz are no float32 waveform");
        }
    }

    /** Silence of this many samples, owned by {@code arena}. */
    public static Sound allocate(Arena arena, long length, int sampleRate) {
        return new Sound(arena.allocate(ValueLayout.JAVA_FLOAT, length), sampleRate);
    }

    /** Number of samples. */
    public long length() {
        return samples.byteSize() / Float.BYTES;
    }

    /** Duration, seconds. */
    public double seconds() {
        return (double) length() / sampleRate;
    }

    /** One sample. */
    public float get(long index) {
        return samples.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    /** Overwrites one sample. */
    public void set(long index, float value) {
        samples.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }

    /**
     * The same memory from one sample on.
     *
     * @param from first sample
     * @param length number of samples
     */
    public Sound slice(long from, long length) {
        return new Sound(samples.asSlice(from * Float.BYTES, length * Float.BYTES), sampleRate);
    }
}
