package io.art2mus.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionsTest {
    /** Values of the C library's {@code erf}, which is within one unit in the last place. */
    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0",
        "1e-300, 1.1283791670955126e-300",
        "1e-09, 1.1283791670955127e-09",
        "0.1, 0.1124629160182849",
        "0.25, 0.2763263901682369",
        "0.5, 0.5204998778130465",
        "0.75, 0.7111556336535151",
        "1.0, 0.8427007929497149",
        "1.3, 0.9340079449406524",
        "1.7, 0.9837904585907745",
        "2.0, 0.9953222650189527",
        "2.5, 0.999593047982555",
        "3.0, 0.9999779095030014",
        "3.5, 0.9999992569016276",
        "4.0, 0.9999999845827421",
        "5.0, 0.9999999999984626",
        "5.9, 0.9999999999999999",
        "6.0, 1.0",
        "6.1, 1.0",
        "40.0, 1.0"
    })
    void erfIsWithin1em15(double x, double expected) {
        assertThat(Functions.erf(x)).isCloseTo(expected, within(1e-15));
        assertThat(Functions.erf(-x)).isCloseTo(-expected, within(1e-15));
    }

    @Test
    void tailsAreFlat() {
        assertThat(Functions.gelu(-40)).isZero();
        assertThat(Functions.gelu(40)).isEqualTo(40);
        assertThat(Functions.geluTanh(-1e30)).isZero();
        assertThat(Functions.silu(-1000)).isZero();
        assertThat(Functions.silu(1000)).isEqualTo(1000);
    }

    @Test
    void notANumberStaysOne() {
        assertThat(Functions.erf(Double.NaN)).isNaN();
        assertThat(Functions.leakyRelu(Double.NaN, 0.1)).isNaN();
        assertThat(Functions.silu(Double.NaN)).isNaN();
    }
}
