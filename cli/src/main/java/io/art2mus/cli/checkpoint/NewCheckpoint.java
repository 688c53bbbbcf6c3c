package io.art2mus.cli.checkpoint;

import io.art2mus.checkpoint.CheckpointPart;
import io.art2mus.checkpoint.CheckpointPlan;
import io.art2mus.checkpoint.CheckpointWriter;
import io.art2mus.checkpoint.Preset;
import io.art2mus.cli.options.Converted;
import io.art2mus.graph.DType;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code art2mus new-checkpoint}: exit status 0 when the folder stands complete in its place. */
@Command(
        name = "new-checkpoint",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Write a checkpoint of a published one's shapes with random weights, to measure time and memory without a "
                        + "download. What it generates is noise.")
public final class NewCheckpoint implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where it goes: a new or an empty folder.")
    private Path folder;

    @Option(
            names = "--preset",
            required = true,
            paramLabel = "NAME",
            converter = Presets.class,
            description =
                    "audioldm2 or audioldm2-music, whose T-UNet has 347 million parameters, or audioldm2-large with 718 million.")
    private @Nullable Preset preset;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the weights; the same is the same bytes; default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = StorageTypes.class,
            description = "How weights are stored: f32, f16 or bf16; default: f32.")
    private DType dtype = DType.F32;

    @Option(
            names = "--parts",
            paramLabel = "LIST",
            split = ",",
            converter = Parts.class,
            description =
                    "Write only these, with commas between: unet, vae, vocoder, language_model, projection_model, text_encoder, "
                            + "text_encoder_2, tokenizer, tokenizer_2, feature_extractor, scheduler, image_projection, imagebind; "
                            + "default: all.")
    private List<CheckpointPart> parts = List.of(CheckpointPart.values());

    @Option(names = "-q", description = "Say nothing but errors.")
    private boolean quiet;

    @Override
    public Integer call() {
        if (parts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--parts names no part");
        }
        Set<CheckpointPart> chosen = EnumSet.copyOf(parts);
        Preset published = Objects.requireNonNull(preset, "picocli refuses a command without it");
        CheckpointPlan plan = CheckpointPlan.of(published, chosen, dtype, seed);
        int threads = Runtime.getRuntime().availableProcessors();
        PrintWriter err = spec.commandLine().getErr();
        long start = System.nanoTime();
        try (WritingReport report = WritingReport.on(err, plan.bytes(), quiet)) {
            CheckpointWriter.write(plan, folder, threads, report);
        }
        if (!quiet) {
            double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
            err.println("%s: %s, %.2f GB in %.1f s, seed %d"
                    .formatted(folder, published.name(), plan.bytes() / 1e9, seconds, seed));
            err.flush();
        }
        return ExitCode.OK;
    }

    /** Names of presets. */
    static final class Presets implements ITypeConverter<Preset> {
        @Override
        public Preset convert(String name) {
            return Converted.by(() -> Preset.named(name));
        }
    }

    /** Names of a checkpoint's parts. */
    static final class Parts implements ITypeConverter<CheckpointPart> {
        @Override
        public CheckpointPart convert(String name) {
            return Converted.by(() -> CheckpointPart.named(name));
        }
    }

    /** The types that weights are stored in. */
    static final class StorageTypes implements ITypeConverter<DType> {
        private static final List<DType> STORED = List.of(DType.F32, DType.F16, DType.BF16);

        @Override
        public DType convert(String name) {
            return STORED.stream()
                    .filter(type -> type.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + name + "' is none of "
                            + STORED.stream()
                                    .map(type -> type.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", "))));
        }
    }
}
