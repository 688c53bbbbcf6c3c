package io.art2mus.cli.train;

import io.art2mus.diffusion.SamplerKind;
import io.art2mus.diffusion.StepCountException;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Variant;
import io.art2mus.pipeline.Wish;
import io.art2mus.pipeline.WishException;
import io.art2mus.train.TrainingRun.Course;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is done beside learning, and where it is kept. */
final class CourseOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "-o",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the training: projection.safetensors and .pt, checkpoints, metrics, validation.")
    private @Nullable Path folder;

    @Option(
            names = "--resume",
            paramLabel = "latest|DIR",
            description = "Go on with the last checkpoint in -o, or with another one, under the same settings.")
    private @Nullable String resume;

    @Option(
            names = "--save-every",
            paramLabel = "N",
            description = "Updates between two checkpoints, besides the one at the end; 0 for that alone; default: "
                    + "${DEFAULT-VALUE}.")
    private long saveEvery = 500;

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "Checkpoints to keep; default: the last ${DEFAULT-VALUE}.")
    private int keep = 3;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description = "Updates between two validations, besides the one at the end; 0 for that alone; default: "
                    + "${DEFAULT-VALUE}.")
    private long validateEvery;

    @Option(
            names = "--validate-items",
            paramLabel = "N",
            description = "Pictures of the validation part to make sounds of; default: ${DEFAULT-VALUE}.")
    private int validateItems = 4;

    @Option(
            names = "--validate-steps",
            paramLabel = "N",
            description = "Denoising steps of these sounds; default: ${DEFAULT-VALUE}.")
    private int validateSteps = 200;

    /** Where the training lies. */
    Path folder() {
        return Objects.requireNonNull(folder, "picocli refuses a command without it");
    }

    /** What to go on with; null for a training from the beginning. */
    @Nullable
    String resume() {
        return resume;
    }

    /** How many sounds a validation makes. */
    int validateItems() {
        return validateItems;
    }

    /** Refuses numbers out of their bounds. */
    void requireUsable() {
        require("--save-every", saveEvery, 0);
        require("--keep", keep, 1);
        require("--validate-every", validateEvery, 0);
        require("--validate-items", validateItems, 0);
    }

    private void require(String option, long number, long least) {
        if (number < least) {
            throw refused(option + " is " + number + ", expected " + least + " or more");
        }
    }

    /** When what is done. */
    Course course(Map<String, String> record) {
        return new Course(folder(), validateEvery, saveEvery, keep, record);
    }

    /** What validation sounds should be; bad usage where the sampler does not take so many steps. */
    Wish validation(Variant variant, long seed, Checkpoint checkpoint) {
        try {
            Wish wish = new Wish(
                    null,
                    Wish.PUBLISHED_NEGATIVE_PROMPT,
                    variant,
                    Wish.TRAINED_SECONDS,
                    seed,
                    SamplerKind.DDIM,
                    validateSteps,
                    Wish.PUBLISHED_GUIDANCE,
                    1);
            checkpoint.sampler(wish);
            return wish;
        } catch (WishException refused) {
            throw refused("--validate-" + refused.getMessage());
        } catch (StepCountException refused) {
            throw refused("--validate-steps: " + refused.getMessage());
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
