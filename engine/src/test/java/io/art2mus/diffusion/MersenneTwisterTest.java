package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MersenneTwisterTest {
    /** The C++ standard ([rand.predef]) asks this of {@code mt19937} with its default seed. */
    @Test
    void tenThousandthNumberIsTheStandards() {
        MersenneTwister bits = new MersenneTwister(5489);
        for (int i = 1; i < 10_000; i++) {
            bits.next32();
        }
        assertThat(Integer.toUnsignedLong(bits.next32())).isEqualTo(4123659995L);
    }
}
