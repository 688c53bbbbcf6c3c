package io.art2mus.diffusion;

import io.art2mus.graph.HostTensor;

/**
 * Random numbers as PyTorch's CPU generator draws them, so that a seed means the same sound here and there. As there,
 * sixteen values or more are drawn in another way than fewer, in float32.
 *
 * <p>Not safe for use by several threads.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177706645">Box and Muller 1958</a>
 */
public final class TorchRandom {
    private static final int BLOCK = 16;
    private static final int PAIRS = BLOCK / 2;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private final MersenneTwister bits;
    private double spareNormal = Double.NaN;

    private TorchRandom(int seed) {
        bits = new MersenneTwister(seed);
    }

    /** The generator of {@code torch.manual_seed(seed)}; only the low 32 bits count. */
    public static TorchRandom seeded(long seed) {
        return new TorchRandom((int) seed);
    }

    /** Overwrites every value with a standard normal one, in row-major order. */
    public void normal(HostTensor values) {
        long count = values.shape().elements();
        if (count < BLOCK) {
            for (long i = 0; i < count; i++) {
                values.set(i, (float) nextNormal());
            }
            return;
        }
        for (long i = 0; i < count; i++) {
            values.set(i, nextUniform());
        }
        long start = 0;
        for (; start + BLOCK <= count; start += BLOCK) {
            boxMuller(values, start);
        }
        if (start < count) {
            long tail = count - BLOCK;
            for (long i = tail; i < count; i++) {
                values.set(i, nextUniform());
            }
            boxMuller(values, tail);
        }
    }

    /**
     * Overwrites every value with a uniform one, in row-major order. Scaled with one rounding, as PyTorch's processors do.
     *
     * @param from the least
     * @param to more than any, but for rounding
     */
    public void uniform(HostTensor values, float from, float to) {
        for (long i = 0; i < values.shape().elements(); i++) {
            values.set(i, Math.fma(nextUniform(), to - from, from));
        }
    }

    /** A whole number from 0 to below {@code bound}, as {@code torch.randint} draws it. */
    public int below(int bound) {
        return Integer.remainderUnsigned(bits.next32(), bound);
    }

    /** Turns sixteen uniforms into normals in place: each of the first eight with the one eight places further. */
    private static void boxMuller(HostTensor values, long start) {
        for (long i = start; i < start + PAIRS; i++) {
            float radius = (float) Math.sqrt(-2f * (float) Math.log(1f - values.get(i)));
            float angle = TWO_PI * values.get(i + PAIRS);
            values.set(i, radius * (float) Math.cos(angle));
            values.set(i + PAIRS, radius * (float) Math.sin(angle));
        }
    }

    /** Uniform in [0, 1) with 24 bits, the precision of a float32. */
    private float nextUniform() {
        return (bits.next32() & ((1 << 24) - 1)) * 0x1p-24f;
    }

    /** Normals come in pairs; the second is kept for the next call. */
    private double nextNormal() {
        if (!Double.isNaN(spareNormal)) {
            double spare = spareNormal;
            spareNormal = Double.NaN;
            return spare;
        }
        double angle = 2 * Math.PI * nextUniform53();
        double radius = Math.sqrt(-2 * Math.log1p(-nextUniform53()));
        spareNormal = radius * Math.sin(angle);
        return radius * Math.cos(angle);
    }

    /** Uniform in [0, 1) with 53 bits, the precision of a float64. */
    private double nextUniform53() {
        long high = (long) bits.next32() << 32;
        long low = Integer.toUnsignedLong(bits.next32());
        return ((high | low) & ((1L << 53) - 1)) * 0x1p-53;
    }
}
