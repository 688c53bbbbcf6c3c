package io.art2mus.pipeline;

import io.art2mus.diffusion.SamplerKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a sound is made of: a picture, a text, or both.
 *
 * @param picture the artwork's file; null for text alone
 * @param prompt what the sound should be, in words; null for a picture alone
 * @param negativePrompt what the sound should not be
 * @param variant how the picture enters; {@link Variant#AUDIOLDM2} if and only if there is none
 * @param seconds length of the sound
 * @param seed of the starting noise; the same as PyTorch's on the CPU
 * @param sampler which sampler removes the noise
 * @param steps how many steps it takes
 * @param guidance how far from the negative prompt to go; 1 or less means that it is not asked at all
 * @param candidates how many sounds to make of one draw of noise, at least 1
 */
public record Wish(
        @Nullable Path picture,
        @Nullable String prompt,
        String negativePrompt,
        Variant variant,
        double seconds,
        long seed,
        SamplerKind sampler,
        int steps,
        double guidance,
        int candidates) {
    /** The negative prompt of all published runs. */
    public static final String PUBLISHED_NEGATIVE_PROMPT = "Low quality.";

    /** The guidance of all published runs. */
    public static final double PUBLISHED_GUIDANCE = 3.5;

    /** The length that the models were trained on, in seconds. */
    public static final double TRAINED_SECONDS = 10.24;

    public Wish {
        if (candidates < 1) {
            throw new IllegalArgumentException("a wish has at least one candidate, not " + candidates);
        }
        if (picture == null && prompt == null) {
            throw new IllegalArgumentException("a wish needs a picture, a prompt, or both");
        }
        if ((picture == null) != (variant == Variant.AUDIOLDM2)) {
            throw new IllegalArgumentException(
                    "the variant " + variant + " takes " + (picture == null ? "a picture" : "no picture"));
        }
    }

    /** Whether the negative prompt takes part. */
    public boolean isGuided() {
        return guidance > 1;
    }
}
