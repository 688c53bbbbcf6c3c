package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.HostTensor;

/** The norm of a difference over the norm of the reference. */
final class Comparison {
    private Comparison() {}

    static double relativeError(HostTensor actual, HostTensor expected) {
        assertThat(actual.shape().elements()).isEqualTo(expected.shape().elements());
        double difference = 0;
        double reference = 0;
        for (long i = 0; i < expected.shape().elements(); i++) {
            double error = (double) actual.get(i) - expected.get(i);
            difference += error * error;
            reference += (double) expected.get(i) * expected.get(i);
        }
        return Math.sqrt(difference / reference);
    }

    static void requireWithin(String what, double error, double limit) {
        System.out.printf("%s: %.1e (limit %.0e)%n", what, error, limit);
        assertThat(error).as(what).isLessThanOrEqualTo(limit);
    }
}
