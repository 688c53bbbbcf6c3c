package io.art2mus.diffusion;

import java.util.List;

/**
 * What one call of the network does to the latents. Every sampler here is linear, so once the number of steps is known a
 * call is a few numbers: values are kept first, then {@code x ← next(x, e) + Σ weight · history[slot]}.
 *
 * @param timestep what the network is told
 * @param inputScale factor of the latents on their way into the network
 * @param next the part of the new latents that comes from this call alone
 * @param kept what this call leaves in the history
 * @param terms the part of the new latents that comes from the history, this call's values included
 */
public record SamplerStep(double timestep, double inputScale, LinearForm next, List<Kept> kept, List<Term> terms) {
    /** A value for later calls to read; overwrites slot {@code slot} of the history. */
    public record Kept(int slot, LinearForm value) {}

    /** The value in a slot of the history, times a factor. */
    public record Term(int slot, double weight) {}

    /** A step of a sampler that looks neither back nor ahead. */
    static SamplerStep alone(double timestep, double inputScale, LinearForm next) {
        return new SamplerStep(timestep, inputScale, next, List.of(), List.of());
    }
}
