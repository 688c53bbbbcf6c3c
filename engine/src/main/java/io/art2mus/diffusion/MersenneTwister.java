package io.art2mus.diffusion;

/**
 * The generator mt19937: 32 random bits a call, with a period of 2¹⁹⁹³⁷ − 1.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura 1998</a>
 */
final class MersenneTwister {
    private static final int WORDS = 624;
    private static final int MIDDLE = 397;
    private static final int MATRIX = 0x9908b0df;
    private static final int UPPER_BIT = 0x80000000;

    private final int[] state = new int[WORDS];
    private int next = WORDS;

    /** Seeded as the 2002 revision of the reference does. */
    MersenneTwister(int seed) {
        state[0] = seed;
        for (int i = 1; i < WORDS; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** The next 32 random bits. */
    int next32() {
        if (next == WORDS) {
            twist();
            next = 0;
        }
        int bits = state[next++];
        bits ^= bits >>> 11;
        bits ^= (bits << 7) & 0x9d2c5680;
        bits ^= (bits << 15) & 0xefc60000;
        return bits ^ (bits >>> 18);
    }

    private void twist() {
        for (int i = 0; i < WORDS; i++) {
            int successor = state[(i + 1) % WORDS];
            int mixed = (state[i] & UPPER_BIT) | (successor & ~UPPER_BIT);
            state[i] = state[(i + MIDDLE) % WORDS] ^ (mixed >>> 1) ^ ((successor & 1) * MATRIX);
        }
    }
}
