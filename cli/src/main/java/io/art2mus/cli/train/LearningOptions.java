package io.art2mus.cli.train;

import io.art2mus.cli.options.Converted;
import io.art2mus.pipeline.Variant;
import io.art2mus.train.LearningRateSchedule;
import io.art2mus.train.SettingsException;
import io.art2mus.train.TrainingSettings;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How it is learned. Defaults are those of the published training. */
final class LearningOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            converter = Variants.class,
            description = "art2mus or art2mus-4; default: ${DEFAULT-VALUE}.")
    private Variant variant = Variant.ART2MUS;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How often every pair is learned from; default: ${DEFAULT-VALUE}.")
    private int epochs = 20;

    @Option(names = "--max-steps", paramLabel = "N", description = "Updates to make in all, whatever --epochs says.")
    private @Nullable Long steps;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Pairs that go through the networks together; default: ${DEFAULT-VALUE}.")
    private int batch = 4;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description = "Batches that one update learns from; default: ${DEFAULT-VALUE}.")
    private int accumulate = 4;

    @Option(names = "--lr", paramLabel = "X", description = "Learning rate; default: ${DEFAULT-VALUE}.")
    private double learningRate = 2e-5;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            converter = Schedules.class,
            description =
                    "constant, constant-with-warmup, linear, cosine, cosine-with-restarts or polynomial; default: "
                            + "${DEFAULT-VALUE}.")
    private LearningRateSchedule schedule = LearningRateSchedule.CONSTANT_WITH_WARMUP;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Updates in which the learning rate rises from 0; default: ${DEFAULT-VALUE}.")
    private long warmup = 500;

    @Option(
            names = "--snr-gamma",
            paramLabel = "X|off",
            converter = NumberOrOff.class,
            description = "The most a signal-to-noise ratio counts in the loss (min-SNR); default: 5.")
    private OptionalDouble snrGamma = OptionalDouble.of(5);

    @Option(
            names = "--loss-guidance",
            paramLabel = "X|off",
            converter = NumberOrOff.class,
            description = "Guidance of the prediction that the loss sees; default: 3.5.")
    private OptionalDouble lossGuidance = OptionalDouble.of(3.5);

    @Option(names = "--weight-decay", paramLabel = "X", description = "AdamW's; default: ${DEFAULT-VALUE}.")
    private double weightDecay = 0.01;

    @Option(
            names = "--clip",
            paramLabel = "X",
            description = "Norm that gradients are shortened to; default: ${DEFAULT-VALUE}.")
    private double largestNorm = 1;

    @Option(
            names = "--recompute",
            description = "Compute activations of blocks twice rather than keep them: less memory, more time.")
    private boolean recompute;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of the fresh layer, the split, the order and the noise, 0 to 4294967295; default: ${DEFAULT-VALUE}.")
    private long seed;

    /** The settings; bad usage where one is out of its bounds. */
    TrainingSettings settings() {
        try {
            return new TrainingSettings(
                    variant,
                    batch,
                    accumulate,
                    learningRate,
                    schedule,
                    warmup,
                    epochs,
                    steps == null ? OptionalLong.empty() : OptionalLong.of(steps),
                    snrGamma,
                    lossGuidance,
                    weightDecay,
                    largestNorm,
                    recompute,
                    seed);
        } catch (SettingsException refused) {
            throw new ParameterException(spec.commandLine(), "--" + refused.getMessage());
        }
    }

    /** Names of variants. */
    static final class Variants implements ITypeConverter<Variant> {
        @Override
        public Variant convert(String name) {
            return Converted.by(() -> Variant.named(name));
        }
    }

    /** Names of schedules. */
    static final class Schedules implements ITypeConverter<LearningRateSchedule> {
        @Override
        public LearningRateSchedule convert(String name) {
            return Converted.by(() -> LearningRateSchedule.named(name));
        }
    }
}
