package io.art2mus.cli.generate;

import io.art2mus.audio.PeakNormalisation;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundException;
import io.art2mus.audio.SoundFiles;
import io.art2mus.audio.SoundLevel;
import io.art2mus.backend.Backend;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.backend.cpu.CpuBackend.Precision;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.diffusion.StepCountException;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.ImageToMusic;
import io.art2mus.pipeline.Variant;
import io.art2mus.pipeline.Wish;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code art2mus generate}: exit status 0 when the sound file stands complete in its place. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Turn a picture into music, with the small model that comes with the project.")
public final class Generate implements Callable<Integer> {
    /** Seeds count to 2³²: what is above is not looked at by PyTorch's generator either. */
    private static final long SEEDS = 1L << 32;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PICTURE", description = "JPEG, PNG, WebP, TIFF, GIF or BMP.")
    private Path picture;

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "Where the sound goes; default: PICTURE's name with .wav, here.")
    private @Nullable Path output;

    @Option(names = "--overwrite", description = "Replace FILE where it is there.")
    private boolean overwrite;

    @Option(names = "--seed", paramLabel = "N", description = "Of the starting noise, 0 to 4294967295; default: drawn.")
    private @Nullable Long seed;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Denoising steps; default: ${DEFAULT-VALUE}, as published.")
    private int steps = 200;

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
            names = "--peak",
            paramLabel = "LEVEL",
            converter = Peaks.class,
            description = "Scale the sound so that its peak is there, such as -1dB, or off for the model's own level; "
                    + "default: ${DEFAULT-VALUE}.")
    private PeakNormalisation peak = PeakNormalisation.to(-1);

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            converter = Precisions.class,
            description =
                    "How activations and weights are stored: f32, bf16, or auto for bf16 where the processor computes "
                            + "in it; default: ${DEFAULT-VALUE}.")
    private Precision precision = Precision.F32;

    @Option(names = "-v", description = "Also list the parameters of the checkpoint that were not used.")
    private boolean verbose;

    @Override
    public Integer call() {
        Wish wish = wish();
        Path target = target();
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = peak.apply(generate(wish, arena), arena);
            SoundFiles.writeWav(target, sound);
            PrintWriter err = spec.commandLine().getErr();
            err.println("%s: %s, seed %d".formatted(target, SoundLevel.of(sound), wish.seed()));
            err.flush();
            return CommandLine.ExitCode.OK;
        }
    }

    private Sound generate(Wish wish, Arena arena) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (Backend backend = CpuBackend.open(threads, precision);
                ProgressReport report = ProgressReport.on(spec.commandLine().getErr(), verbose)) {
            Checkpoint mini = new Checkpoint(Installation.miniModel());
            return new ImageToMusic(backend, mini, threads, report)
                    .generate(wish, arena)
                    .getFirst();
        } catch (StepCountException unfit) {
            throw new ParameterException(spec.commandLine(), "--steps: " + unfit.getMessage());
        }
    }

    private Wish wish() {
        long chosen = seed == null ? ThreadLocalRandom.current().nextLong(SEEDS) : seed;
        require(chosen >= 0 && chosen < SEEDS, "--seed is " + chosen + ", expected 0 to " + (SEEDS - 1));
        require(steps >= 1 && steps <= 1000, "--steps is " + steps + ", expected 1 to 1000");
        require(
                Double.isFinite(guidance) && guidance >= 0,
                "--guidance is " + guidance + ", expected a finite number of at least 0");
        return new Wish(
                picture,
                null,
                Wish.PUBLISHED_NEGATIVE_PROMPT,
                Variant.ART2MUS,
                Wish.TRAINED_SECONDS,
                chosen,
                sampler,
                steps,
                guidance,
                1);
    }

    private Path target() {
        Path target = output;
        if (target == null) {
            String name = String.valueOf(picture.getFileName());
            int dot = name.lastIndexOf('.');
            target = Path.of((dot > 0 ? name.substring(0, dot) : name) + ".wav");
        }
        SoundFiles.requireWritable(target);
        if (Files.exists(target) && !overwrite) {
            throw new SoundException(target + " exists already", "give --overwrite or another -o");
        }
        return target;
    }

    private void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    /** Names of samplers, as users write them. */
    static final class SamplerNames implements ITypeConverter<SamplerKind> {
        @Override
        public SamplerKind convert(String name) {
            return converted(() -> SamplerKind.named(name));
        }
    }

    /** Levels of the peak. */
    static final class Peaks implements ITypeConverter<PeakNormalisation> {
        @Override
        public PeakNormalisation convert(String level) {
            return converted(() -> PeakNormalisation.parse(level));
        }
    }

    /** Storage types, or the choice of one. */
    static final class Precisions implements ITypeConverter<Precision> {
        @Override
        public Precision convert(String name) {
            return converted(() -> Precision.named(name));
        }
    }

    private static <T> T converted(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException misspelt) {
            throw new TypeConversionException(misspelt.getMessage());
        }
    }
}
