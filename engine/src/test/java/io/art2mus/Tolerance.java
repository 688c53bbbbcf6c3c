package io.art2mus;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.HostTensor;

/** How far a result may lie from its reference: the norm of the difference over the norm of the reference. */
public enum Tolerance {
    /** One operation in float32 against the reference backend. */
    OPERATION_F32(1e-5),
    /** One operation in float16, which keeps 11 bits, against the reference backend. */
    OPERATION_F16(5e-3),
    /** One operation in bfloat16, which keeps 8 bits, against the reference backend. */
    OPERATION_BF16(2e-2),
    /** One operation of the reference backend against PyTorch in float64: downloads are rounded to float32. */
    OPERATION_F64(1e-7),
    /** One part of the model in float32 against PyTorch. */
    PART_F32(1e-4),
    /** One part of the model in float16 against PyTorch. */
    PART_F16(2e-2),
    /** One part of the model in bfloat16 against PyTorch. */
    PART_BF16(3e-2),
    /** What comes back in bfloat16, on the small random checkpoint; the limit is twice what was measured, to notice when it grows. */
    GRADIENT_BF16(2e-1),
    /** Latents, mel or waveform of a whole generation in float32 against PyTorch. */
    GENERATION_F32(1e-3),
    /** The same in bfloat16, on the small random checkpoint. */
    GENERATION_BF16(3e-2),
    /** What an update changes the trained weights by, against PyTorch. */
    TRAINED_CHANGE(1e-3),
    /** Mel of a whole generation in float16 against PyTorch in float32. */
    GENERATION_F16(5e-2),
    /** Starting noise drawn from a seed against PyTorch. */
    INITIAL_LATENTS(1e-6),
    /** Where a sampler ends that is told the true noise, in units of the noisiest latents' deviation. */
    SAMPLER_END(1e-6);

    private final double limit;

    Tolerance(double limit) {
        this.limit = limit;
    }

    /** Prints what was reached and fails where it is above the limit or not a number. */
    public void requireWithin(String what, HostTensor actual, HostTensor expected) {
        requireWithin(what, relativeError(actual, expected));
    }

    /** Prints a relative error and fails where it is above the limit or not a number. */
    public void requireWithin(String what, double relativeError) {
        System.out.printf("%s: %.1e (limit %.0e)%n", what, relativeError, limit);
        assertThat(relativeError).as(what).isLessThanOrEqualTo(limit);
    }

    /** The norm of the difference over the norm of {@code expected}; the shapes must be equal. */
    public static double relativeError(HostTensor actual, HostTensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double difference = 0;
        double reference = 0;
        for (long i = 0; i < expected.shape().elements(); i++) {
            difference += square((double) actual.get(i) - expected.get(i));
            reference += square(expected.get(i));
        }
        return Math.sqrt(difference / reference);
    }

    private static double square(double number) {
        return number * number;
    }
}
