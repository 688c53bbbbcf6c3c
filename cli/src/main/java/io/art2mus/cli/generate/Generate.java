package io.art2mus.cli.generate;

import io.art2mus.audio.SoundException;
import io.art2mus.audio.SpectrogramPicture;
import io.art2mus.backend.Backend;
import io.art2mus.cli.MemoryTable;
import io.art2mus.cli.options.MachineOptions;
import io.art2mus.cli.options.WishOptions;
import io.art2mus.diffusion.StepCountException;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.ImageToMusic;
import io.art2mus.pipeline.ProgressList;
import io.art2mus.pipeline.Wish;
import io.art2mus.pipeline.WishException;
import io.art2mus.provenance.ProvenanceException;
import io.art2mus.provenance.ProvenanceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code art2mus generate}: exit status 0 when every sound that was asked for stands complete in its place. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = "Turn pictures, a text, or both into music.")
public final class Generate implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PICTURE|FOLDER",
            arity = "0..*",
            description =
                    "JPEG, PNG, WebP, TIFF, GIF or BMP, or folders of them; all in one go, with the model loaded once.")
    private List<Path> named = List.of();

    @Mixin
    private final WishOptions wishOptions = new WishOptions();

    @Mixin
    private final WeightsOptions weights = new WeightsOptions();

    @Mixin
    private final MachineOptions machine = new MachineOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(names = "--dry-run", description = "Say what would be made, and make nothing.")
    private boolean dryRun;

    @Option(names = "--memory", description = "Also say at the end which part held how much memory.")
    private boolean memory;

    @Option(names = "-q", description = "Say nothing but errors.")
    private boolean quiet;

    @Option(
            names = "-v",
            description =
                    "Also say how long each stage took, and list the parameters of the checkpoint that were not used.")
    private boolean verbose;

    @Override
    public Integer call() {
        List<Path> pictures = PictureFiles.of(named);
        requireUsage(pictures);
        Targets targets = Targets.of(pictures, output, output.keepAll() ? wishOptions.candidates() : 1);
        OptionalLong earlierSeed = output.resume() ? Resumption.seed(allKept(pictures, targets)) : OptionalLong.empty();
        Wish wish = wishOptions.wish(!pictures.isEmpty(), earlierSeed);
        Checkpoint checkpoint = weights.checkpoint();
        requireSteps(wish, checkpoint);
        requireFree(pictures, targets);
        machine.requireUsable();
        if (dryRun) {
            say(wish, pictures, targets, checkpoint);
            return ExitCode.OK;
        }
        return generate(wish, pictures, targets, checkpoint);
    }

    private static List<Path> allKept(List<Path> pictures, Targets targets) {
        return pictures.stream()
                .flatMap(picture -> targets.kept(picture).stream())
                .toList();
    }

    private void requireUsage(List<Path> pictures) {
        if (pictures.isEmpty() && !wishOptions.hasPrompt()) {
            throw refused("there is nothing to make a sound of: name a picture, or give a text by --prompt");
        }
        if (pictures.isEmpty() && weights.hasPictureParts()) {
            throw refused("--projection and --imagebind are for pictures, and none is named");
        }
        if (quiet && (verbose || memory)) {
            throw refused("-q and " + (verbose ? "-v" : "--memory") + " contradict each other");
        }
        if (pictures.size() > 1 && (output.spectrogram() != null || output.timings() != null)) {
            throw refused((output.spectrogram() != null ? "--spectrogram" : "--timings")
                    + " names one file, but there are " + pictures.size() + " pictures");
        }
        if (output.resume() && output.overwrite()) {
            throw refused("--resume keeps what is there, --overwrite replaces it; choose one");
        }
        if (output.resume() && pictures.isEmpty()) {
            throw refused("--resume goes on with pictures; name some");
        }
        if (pictures.isEmpty() && wishOptions.candidates() > 1 && !output.keepAll()) {
            throw refused("candidates of a text alone cannot be ranked yet, for that takes CLAP's audio tower; "
                    + "give --keep-all to keep them all");
        }
    }

    private void requireSteps(Wish wish, Checkpoint checkpoint) {
        try {
            checkpoint.sampler(wish);
        } catch (StepCountException unfit) {
            throw refused("--steps: " + unfit.getMessage());
        }
    }

    private void requireFree(List<Path> pictures, Targets targets) {
        boolean mayBeThere = output.overwrite() || output.resume();
        if (pictures.isEmpty()) {
            targets.requireFree(null, mayBeThere);
        }
        pictures.forEach(picture -> targets.requireFree(picture, mayBeThere));
        for (Path file : output.others()) {
            Targets.requireFreePlace(file, output.overwrite());
        }
        requireApart(pictures, targets);
        if (output.spectrogram() != null) {
            SpectrogramPicture.requireWritable(output.spectrogram());
        }
    }

    /** No file of a run may take the place of another, or of a picture. */
    private void requireApart(List<Path> pictures, Targets targets) {
        Set<Path> taken = new HashSet<>();
        pictures.forEach(picture -> taken.add(PictureFiles.real(picture)));
        List<Path> sounds = pictures.isEmpty() ? targets.kept(null) : allKept(pictures, targets);
        Stream.of(sounds.stream(), sounds.stream().map(ProvenanceFile::beside), output.others().stream())
                .flatMap(files -> files)
                .forEach(file -> {
                    if (!taken.add(PictureFiles.real(file))) {
                        throw refused(file + " would be written twice, or over a picture; choose another name");
                    }
                });
    }

    private void say(Wish wish, List<Path> pictures, Targets targets, Checkpoint checkpoint) {
        var out = spec.commandLine().getOut();
        out.println("checkpoint %s, %s, %s seconds, seed %d, %s in %d steps, guidance %s"
                .formatted(
                        checkpoint.folder(),
                        wish.variant(),
                        wish.seconds(),
                        wish.seed(),
                        wish.sampler(),
                        wish.steps(),
                        wish.guidance()));
        if (pictures.isEmpty()) {
            out.println("\"%s\" -> %s".formatted(wish.prompt(), joined(targets.kept(null))));
        }
        pictures.forEach(picture -> out.println(picture + " -> " + joined(targets.kept(picture))));
        out.flush();
    }

    private static String joined(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private int generate(Wish wish, List<Path> pictures, Targets targets, Checkpoint checkpoint) {
        Verbosity verbosity = quiet ? Verbosity.QUIET : verbose ? Verbosity.VERBOSE : Verbosity.NORMAL;
        StageTimes times = new StageTimes();
        MemoryTable table = new MemoryTable();
        try (Backend backend = machine.open();
                ProgressReport report = ProgressReport.on(spec.commandLine().getErr(), verbosity)) {
            Recorder recorder =
                    Recorder.of(machine, checkpoint, wish.variant(), machine.precision(), machine.threads());
            TakeWriter writer =
                    new TakeWriter(wish, output.peak(), targets, recorder, times, report, output.spectrogram());
            List<Path> todo =
                    output.resume() ? unfinished(pictures, wish, targets, recorder, writer, report) : pictures;
            if (!todo.isEmpty() || pictures.isEmpty()) {
                ProgressList progress = new ProgressList(List.of(times, table, report));
                new ImageToMusic(backend, checkpoint, machine.threads(), machine.cache(), progress)
                        .generate(wish, todo, writer);
            }
            finish(times, writer, pictures.size(), report);
            if (memory) {
                table.lines().forEach(report::line);
            }
            return writer.failures() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (WishException unfit) {
            throw refused("--" + unfit.getMessage());
        }
    }

    private List<Path> unfinished(
            List<Path> pictures,
            Wish wish,
            Targets targets,
            Recorder recorder,
            TakeWriter writer,
            ProgressReport report) {
        List<Path> unfinished = new ArrayList<>();
        for (Path picture : pictures) {
            try {
                if (!Resumption.isDone(targets, picture, wish, output.peak(), recorder)) {
                    unfinished.add(picture);
                }
            } catch (SoundException | ProvenanceException unlike) {
                writer.failed(picture, unlike);
            }
        }
        int done = pictures.size() - unfinished.size() - writer.failures();
        report.line("%d of %d pictures are done already".formatted(done, pictures.size()));
        return unfinished;
    }

    private void finish(StageTimes times, TakeWriter writer, int pictures, ProgressReport report) {
        Path timings = output.timings();
        if (timings != null) {
            TimingsFile.write(timings, times);
        }
        if (verbose) {
            times.seconds().forEach((stage, seconds) -> report.line(String.format("%8.3f s  %s", seconds, stage)));
        }
        if (writer.failures() > 0 && pictures > 1) {
            report.line("%d of %d pictures failed".formatted(writer.failures(), pictures));
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
