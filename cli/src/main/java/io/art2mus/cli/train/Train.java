package io.art2mus.cli.train;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.cli.MemoryTable;
import io.art2mus.cli.options.CheckpointOptions;
import io.art2mus.cli.options.MachineOptions;
import io.art2mus.data.DataSource;
import io.art2mus.data.TrainingData;
import io.art2mus.diffusion.Conditioning;
import io.art2mus.ffi.HandleScope;
import io.art2mus.pipeline.ArtworkTexts;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Wish;
import io.art2mus.provenance.FileDigest;
import io.art2mus.train.InitialProjection;
import io.art2mus.train.TrainingCheckpoints;
import io.art2mus.train.TrainingListener;
import io.art2mus.train.TrainingLock;
import io.art2mus.train.TrainingMetrics;
import io.art2mus.train.TrainingRun;
import io.art2mus.train.TrainingRun.Course;
import io.art2mus.train.TrainingSettings;
import io.art2mus.train.TrainingState;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code art2mus train}: exit status 0 when the last update is made and the layer stands in its place. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = "Teach the layer that translates pictures into the language of audio.")
public final class Train implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final DataOptions dataOptions = new DataOptions();

    @Mixin
    private final CheckpointOptions checkpointOptions = new CheckpointOptions();

    @Option(
            names = "--init",
            paramLabel = "FILE",
            description = "Begin with this layer (.safetensors or .pt) instead of a fresh one.")
    private @Nullable Path init;

    @Mixin
    private final LearningOptions learning = new LearningOptions();

    @Mixin
    private final CourseOptions courseOptions = new CourseOptions();

    @Mixin
    private final MachineOptions machine = new MachineOptions();

    @Option(names = "--memory", description = "Also say at the end which part held how much memory.")
    private boolean memory;

    @Option(names = "-q", description = "Say nothing but errors.")
    private boolean quiet;

    @Option(names = "-v", description = "Also say what was saved.")
    private boolean verbose;

    @Override
    public Integer call() {
        TrainingSettings settings = learning.settings();
        courseOptions.requireUsable();
        if (quiet && (verbose || memory)) {
            throw new ParameterException(
                    spec.commandLine(), "-q and " + (verbose ? "-v" : "--memory") + " contradict each other");
        }
        DataSource source = dataOptions.source();
        Checkpoint checkpoint = checkpointOptions.checkpoint();
        Wish validation = courseOptions.validation(settings.variant(), settings.seed(), checkpoint);
        machine.requireUsable();
        try (TrainReport report =
                        new TrainReport(spec.commandLine().getErr(), quiet, verbose, settings.itemsOfUpdate());
                TrainingLock _ = TrainingLock.in(courseOptions.folder())) {
            Path resumed = Resumption.of(courseOptions, spec, report);
            if (resumed != null) {
                TrainingCheckpoints.requireSame(resumed, settings.described());
            }
            try (TrainingData data = prepare(source, checkpoint, settings, report)) {
                return train(new Task(settings, source, checkpoint, validation), data, resumed, report);
            }
        }
    }

    /** What is asked for. */
    private record Task(TrainingSettings settings, DataSource source, Checkpoint checkpoint, Wish validation) {}

    /** Latents are what is aimed at, and made once: in float32, whatever the training computes in. */
    private TrainingData prepare(
            DataSource source, Checkpoint checkpoint, TrainingSettings settings, TrainReport report) {
        try (Backend backend = machine.open(Precision.F32, machine.threads())) {
            TrainingData data = TrainingData.prepare(
                    source, checkpoint, backend, machine.threads(), settings.seed(), machine.cache(), report);
            report.line("%d pairs to learn from, %d to validate with%s"
                    .formatted(
                            data.training().size(),
                            data.validation().size(),
                            data.skippedPairs() == 0 ? "" : ", " + data.skippedPairs() + " skipped"));
            if (data.validation().size() == 0) {
                report.line(
                        "no validation: no pair is left for it, so neither losses before and after nor sounds are made");
            }
            return data;
        }
    }

    private int train(Task task, TrainingData data, @Nullable Path resumed, TrainReport report) {
        TrainingSettings settings = task.settings();
        try (HandleScope scope = new HandleScope()) {
            Backend backend = scope.own(machine.open());
            SequencedMap<String, String> record = record(task, data, backend);
            if (resumed != null) {
                TrainingCheckpoints.requireSame(resumed, record);
            }
            TrainingState state = scope.own(state(task, data, resumed));
            Course.checkpoints(courseOptions.folder()).discardAfter(state.updates());
            Arena arena = scope.own(Arena.ofConfined());
            Conditioning texts = ArtworkTexts.read(
                    backend,
                    task.checkpoint(),
                    settings.variant(),
                    settings.lossGuidance().isPresent(),
                    machine.threads(),
                    machine.cache(),
                    arena);
            TrainingRun run = scope.own(new TrainingRun(
                    backend,
                    task.checkpoint(),
                    data,
                    texts,
                    settings,
                    courseOptions.course(record),
                    state,
                    machine.cache()));
            MemoryTable table = new MemoryTable();
            table.compiled("micro-step", run.memory());
            table.held(machine.usesGpu() ? "gradients and moments" : "gradients", run.optimizerBytes());
            table.held(
                    machine.usesGpu() ? "weights and moments, as they are saved" : "weights and moments",
                    state.bytes());
            int status = run(run, task, data, backend, state, report, table);
            if (memory) {
                table.lines().forEach(report::line);
            }
            return status;
        }
    }

    private int run(
            TrainingRun run,
            Task task,
            TrainingData data,
            Backend backend,
            TrainingState state,
            TrainReport report,
            MemoryTable table) {
        Path place = courseOptions.folder();
        try (StopRequest stop = StopRequest.listen();
                TrainingMetrics metrics = TrainingMetrics.in(
                        place, state.updates(), task.settings().itemsOfUpdate())) {
            ValidationSounds.Generator generator = new ValidationSounds.Generator(
                    backend, task.checkpoint(), task.validation(), machine.threads(), machine.cache(), table);
            List<TrainingListener> listeners = new ArrayList<>(List.of(metrics, report));
            listeners.add(new ValidationSounds(generator, pictures(task, data), place, metrics, report, stop));
            boolean complete = run.run(new ListenerList(listeners), stop::isMade);
            report.line(
                    complete
                            ? "%s and .pt: the layer after %d updates"
                                    .formatted(place.resolve("projection.safetensors"), state.updates())
                            : "stopped and saved after %d of %d updates; go on with --resume latest"
                                    .formatted(state.updates(), run.updates()));
            return complete ? 0 : INTERRUPTED;
        }
    }

    private List<Path> pictures(Task task, TrainingData data) {
        return IntStream.range(0, data.validation().size())
                .mapToObj(i -> data.validation().get(i).pair().picture())
                .distinct()
                .limit(courseOptions.validateItems())
                .map(task.source()::picture)
                .toList();
    }

    private TrainingState state(Task task, TrainingData data, @Nullable Path resumed) {
        TrainingSettings settings = task.settings();
        InitialProjection.Widths widths =
                InitialProjection.Widths.of(task.checkpoint(), settings.variant(), data.embeddingWidth());
        if (resumed != null) {
            TrainingState state = InitialProjection.read(TrainingCheckpoints.weights(resumed), widths);
            TrainingCheckpoints.restore(resumed, state);
            return state;
        }
        return init != null ? InitialProjection.read(init, widths) : InitialProjection.fresh(widths, settings.seed());
    }

    /** All that decides what comes of an update. */
    private SequencedMap<String, String> record(Task task, TrainingData data, Backend backend) {
        SequencedMap<String, String> record = task.settings().described();
        record.put("--checkpoint", digest(files(task.checkpoint())));
        record.put("--init", init == null ? "not given" : digest(List.of(init)));
        record.put("--pairs with its files or --clip-start", data.digest());
        record.put("--device or --precision", backend.name());
        record.put("--threads", Integer.toString(machine.threads()));
        return record;
    }

    private static List<Path> files(Checkpoint checkpoint) {
        List<Path> files = new ArrayList<>();
        for (String part : List.of("unet", "language_model", "projection_model", "text_encoder", "text_encoder_2")) {
            files.add(checkpoint.part(part).resolve("config.json"));
            files.addAll(WeightFile.filesOfPart(checkpoint.part(part)));
        }
        files.add(checkpoint.part("scheduler").resolve("scheduler_config.json"));
        return files;
    }

    /** One short name for the content of files. */
    private String digest(List<Path> files) {
        String all = machine.digests().ofAll(files).values().stream()
                .map(FileDigest::sha256)
                .collect(Collectors.joining());
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.US_ASCII)).toString();
    }
}
