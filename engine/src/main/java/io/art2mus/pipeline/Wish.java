package io.art2mus.pipeline;

import io.art2mus.diffusion.SamplerKind;
import org.jspecify.annotations.Nullable;

/**
 * What a sound should be, but for the picture it is made of: all sounds of a batch are made by one wish. A {@link WishException} where
 * a number is out of its bounds, or text and variant contradict each other.
 *
 * @param prompt what the sound should be, in words; null for a picture alone
 * @param negativePrompt what the sound should not be
 * @param variant how the picture enters; {@link Variant#AUDIOLDM2} if and only if there is none
 * @param seconds length of the sound, more than 0 and at most {@link SoundLength#MOST_SECONDS}
 * @param seed of the starting noise, 0 … 2³² − 1; the same as PyTorch's on the CPU
 * @param sampler which sampler removes the noise
 * @param steps how many steps it takes, 1 … {@link #MOST_STEPS}
 * @param guidance how far from the negative prompt to go; 1 or less means that it is not asked at all
 * @param candidates how many sounds to make of one draw of noise, 1 … {@link #MOST_CANDIDATES}
 */
public record Wish(
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

    /** Seeds count to 2³²: what is above is not looked at by PyTorch's generator either. */
    public static final long SEEDS = 1L << 32;

    /** The models were trained on so many. */
    public static final int MOST_STEPS = 1000;

    /** All candidates' noise is drawn, and all their latents are kept, at once. */
    public static final int MOST_CANDIDATES = 100;

    private static final double MOST_GUIDANCE = 1000;

    public Wish {
        require(
                seconds > 0 && seconds <= SoundLength.MOST_SECONDS,
                "seconds",
                "is " + seconds + ", expected more than 0 and at most " + SoundLength.MOST_SECONDS);
        require(seed >= 0 && seed < SEEDS, "seed", "is " + seed + ", expected 0 to " + (SEEDS - 1));
        require(steps >= 1 && steps <= MOST_STEPS, "steps", "is " + steps + ", expected 1 to " + MOST_STEPS);
        require(
                guidance >= 0 && guidance <= MOST_GUIDANCE,
                "guidance",
                "is " + guidance + ", expected 0 to " + MOST_GUIDANCE + " (1 or less is none)");
        require(
                candidates >= 1 && candidates <= MOST_CANDIDATES,
                "candidates",
                "is " + candidates + ", expected 1 to " + MOST_CANDIDATES);
        require(
                prompt != null || variant.takesPicture(),
                "variant",
                "is " + variant + ", which makes sounds of texts; give a prompt");
    }

    private static void require(boolean fits, String part, String otherwise) {
        if (!fits) {
            throw new WishException(part, otherwise);
        }
    }

    /** Whether the negative prompt takes part. */
    public boolean isGuided() {
        return guidance > 1;
    }
}
