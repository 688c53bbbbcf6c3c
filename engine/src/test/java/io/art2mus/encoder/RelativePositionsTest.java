package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RelativePositionsTest {
    private static final RelativePositions PUBLISHED = new RelativePositions(32, 128);

    @Test
    void nearDistancesAreExactAndFarOnesLogarithmic() {
        assertThat(PUBLISHED.bucket(0)).isZero();
        assertThat(PUBLISHED.bucket(-7)).isEqualTo(7);
        assertThat(PUBLISHED.bucket(7)).isEqualTo(23);
        assertThat(PUBLISHED.bucket(-8)).isEqualTo(8);
        assertThat(PUBLISHED.bucket(-15)).isEqualTo(9);
        assertThat(PUBLISHED.bucket(-127)).isEqualTo(15);
        assertThat(PUBLISHED.bucket(-500)).isEqualTo(15);
        assertThat(PUBLISHED.bucket(500)).isEqualTo(31);
    }

    /** Where the logarithm is a whole number: 16, 32 and 64 begin a bucket. */
    @Test
    void powersOfTwoBeginABucket() {
        assertThat(PUBLISHED.bucket(-16)).isEqualTo(10);
        assertThat(PUBLISHED.bucket(-31)).isEqualTo(11);
        assertThat(PUBLISHED.bucket(-32)).isEqualTo(12);
        assertThat(PUBLISHED.bucket(-63)).isEqualTo(13);
        assertThat(PUBLISHED.bucket(-64)).isEqualTo(14);
    }

    @Test
    void bucketsThatCannotBeHalvedTwiceAreRefused() {
        assertThatThrownBy(() -> new RelativePositions(30, 128)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RelativePositions(32, 8)).isInstanceOf(IllegalArgumentException.class);
    }
}
