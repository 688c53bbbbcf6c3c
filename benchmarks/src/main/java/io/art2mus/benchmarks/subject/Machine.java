package io.art2mus.benchmarks.subject;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.cli.options.MachineOptions;
import io.art2mus.ffi.UserCache;
import io.art2mus.pipeline.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * What is measured with.
 *
 * @param checkpoint whose networks
 * @param options which device
 * @param precision how activations and weights are stored; the frozen encoders always compute in float32
 * @param threads of every library
 */
public record Machine(Checkpoint checkpoint, MachineOptions options, Precision precision, int threads) {
    /** What is kept between runs; null where nothing is to be. */
    @Nullable
    UserCache cache() {
        return options.cache();
    }

    /** Whether a GPU computes. */
    public boolean usesGpu() {
        return options.gpu().isPresent();
    }

    /** Opens the device for the calling thread; the caller owns it. */
    Backend open() {
        return options.open(precision, threads);
    }
}
