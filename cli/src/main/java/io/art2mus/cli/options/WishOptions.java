package io.art2mus.cli.options;

import io.art2mus.diffusion.SamplerKind;
import io.art2mus.pipeline.Variant;
import io.art2mus.pipeline.Wish;
import io.art2mus.pipeline.WishException;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the sounds should be, beside their pictures. */
public final class WishOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            description = "What the sound should be, in words.")
    private @Nullable String prompt;

    @Option(
            names = {"-n", "--negative-prompt"},
            paramLabel = "TEXT",
            description = "What it should not be; default: \"${DEFAULT-VALUE}\".")
    private String negativePrompt = Wish.PUBLISHED_NEGATIVE_PROMPT;

    @Option(names = "--seconds", paramLabel = "N", description = "Length of the sound; default: ${DEFAULT-VALUE}.")
    private double seconds = Wish.TRAINED_SECONDS;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description =
                    "Denoising steps; default: ${DEFAULT-VALUE}, which on the shipped model change the sound a seventh as "
                            + "much as another seed does (published: 200; docs/samplers.md).")
    private int steps = 25;

    @Option(
            names = "--sampler",
            paramLabel = "NAME",
            converter = SamplerNames.class,
            description = "ddim, dpmpp-2m, pndm, euler or lms; default: ${DEFAULT-VALUE}.")
    private SamplerKind sampler = SamplerKind.DDIM;

    @Option(
            names = "--guidance",
            paramLabel = "X",
            description = "How far from the negative prompt to go; 1 or less is not at all; default: ${DEFAULT-VALUE}.")
    private double guidance = Wish.PUBLISHED_GUIDANCE;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the starting noise, 0 to 4294967295; default: drawn, and shown.")
    private @Nullable Long seed;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            description = "Sounds to make of one picture, of which the one that fits it best is kept; default: "
                    + "${DEFAULT-VALUE}.")
    private int candidates = 1;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            converter = Variants.class,
            description =
                    "How a picture is translated: art2mus or art2mus-4; audioldm2 takes text alone; default: art2mus with "
                            + "a picture, audioldm2 without.")
    private @Nullable Variant variant;

    /** Whether a text was given. */
    public boolean hasPrompt() {
        return prompt != null;
    }

    /** How many sounds are made of one picture. */
    public int candidates() {
        return candidates;
    }

    /**
     * The wish; bad usage where a part of it cannot be granted.
     *
     * @param withPicture whether there is a picture
     * @param earlierSeed taken where none was asked for; where that is empty too, one is drawn
     */
    public Wish wish(boolean withPicture, OptionalLong earlierSeed) {
        try {
            return new Wish(
                    prompt,
                    negativePrompt,
                    variant(withPicture),
                    seconds,
                    seed(earlierSeed),
                    sampler,
                    steps,
                    guidance,
                    candidates);
        } catch (WishException refused) {
            throw new ParameterException(spec.commandLine(), "--" + refused.getMessage());
        }
    }

    private long seed(OptionalLong earlier) {
        Long chosen = seed;
        return chosen != null
                ? chosen
                : earlier.orElseGet(() -> ThreadLocalRandom.current().nextLong(Wish.SEEDS));
    }

    private Variant variant(boolean withPicture) {
        Variant chosen = variant;
        if (chosen == null) {
            return withPicture ? Variant.ART2MUS : Variant.AUDIOLDM2;
        }
        if (chosen.takesPicture() != withPicture) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--variant " + chosen
                            + (withPicture
                                    ? " takes no picture; choose art2mus or art2mus-4, or give --prompt alone"
                                    : " needs a picture; name one, or choose audioldm2"));
        }
        return chosen;
    }

    /** Names of samplers. */
    static final class SamplerNames implements ITypeConverter<SamplerKind> {
        @Override
        public SamplerKind convert(String name) {
            return Converted.by(() -> SamplerKind.named(name));
        }
    }

    /** Names of variants. */
    static final class Variants implements ITypeConverter<Variant> {
        @Override
        public Variant convert(String name) {
            return Converted.by(() -> Variant.named(name));
        }
    }
}
