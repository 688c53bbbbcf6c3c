package io.art2mus.pipeline;

import io.art2mus.diffusion.SamplerKind;
import java.nio.file.Path;

/**
 * What a sound is made of.
 *
 * @param picture the artwork's file
 * @param negativePrompt what the sound should not be
 * @param seconds length of the sound
 * @param seed of the starting noise; the same as PyTorch's on the CPU
 * @param sampler which sampler removes the noise
 * @param steps how many steps it takes
 * @param guidance how far from the negative prompt to go; 1 or less means that it is not asked at all
 */
public record Wish(
        Path picture,
        String negativePrompt,
        double seconds,
        long seed,
        SamplerKind sampler,
        int steps,
        double guidance) {
    /** The negative prompt of all published runs. */
    public static final String PUBLISHED_NEGATIVE_PROMPT = "Low quality.";

    /** The guidance of all published runs. */
    public static final double PUBLISHED_GUIDANCE = 3.5;

    /** The length that the models were trained on, in seconds. */
    public static final double TRAINED_SECONDS = 10.24;

    /** Whether the negative prompt takes part. */
    public boolean isGuided() {
        return guidance > 1;
    }
}
