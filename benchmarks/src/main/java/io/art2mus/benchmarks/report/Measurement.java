package io.art2mus.benchmarks.report;

import io.art2mus.graph.Work;
import java.util.OptionalDouble;

/**
 * What was measured of one subject; times are seconds.
 *
 * @param name of the subject
 * @param perCall how often it happens in a call of the network it was taken from
 * @param calls how many calls were sampled; where they are short, a sample is the mean of several
 * @param opening until it was ready
 * @param first the first call
 * @param p50 what half of the later calls did not exceed
 * @param p90 what nine of ten did not exceed
 * @param p99 what 99 of 100 did not exceed
 * @param work what a call amounts to; none where that is not known
 * @param elementBytes bytes an element as it is stored
 * @param floor the least time of what a call computes on this machine; empty where that is not known
 */
public record Measurement(
        String name,
        int perCall,
        long calls,
        double opening,
        double first,
        double p50,
        double p90,
        double p99,
        Work work,
        int elementBytes,
        OptionalDouble floor) {
    /** Billions of floating-point operations in a second; empty where there are none. */
    public OptionalDouble gigaflops() {
        return rate(work.operations());
    }

    /** Billions of bytes in a second, had every operation gone through memory; empty where that is not known. */
    public OptionalDouble gigabytes() {
        return rate(work.elements() * elementBytes);
    }

    /** Part of the time that is the floor's. */
    public OptionalDouble ceilingShare() {
        return floor.isPresent() && floor.getAsDouble() > 0
                ? OptionalDouble.of(floor.getAsDouble() / p50)
                : OptionalDouble.empty();
    }

    private OptionalDouble rate(long amount) {
        return amount == 0 ? OptionalDouble.empty() : OptionalDouble.of(amount / p50 / 1e9);
    }
}
