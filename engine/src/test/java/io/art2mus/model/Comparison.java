package io.art2mus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The norm of a difference over the norm of the reference, printed beside its limit. */
final class Comparison {
    /** Float32 over one part of the model. */
    static final double PART = 1e-4;

    private Comparison() {}

    static void requireClose(String what, float @Nullable [] actual, float[] expected, double limit) {
        assertThat(actual).as(what).isNotNull().hasSameSizeAs(expected);
        Objects.requireNonNull(actual);
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = (double) actual[i] - expected[i];
            difference += error * error;
            reference += (double) expected[i] * expected[i];
        }
        double reached = Math.sqrt(difference / reference);
        System.out.printf("%s: %.1e (limit %.0e)%n", what, reached, limit);
        assertThat(reached).as(what).isLessThanOrEqualTo(limit);
    }
}
