package io.art2mus.cli.generate;

import io.art2mus.audio.PeakNormalisation;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundFiles;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.cli.options.MachineOptions;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.ImageToMusic;
import io.art2mus.pipeline.Take;
import io.art2mus.pipeline.TakeListener;
import io.art2mus.pipeline.Wish;
import io.art2mus.provenance.PrintableText;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceFile;
import io.art2mus.provenance.SampleDigest;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code art2mus replay}: exit status 0 when the sound came out bit for bit, or, where something that decides about the last bits is
 * another than it was, when it could be compared.
 */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = "Make a sound again as its provenance says, and compare.")
public final class Replay implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A sound that generate wrote, or the JSON beside it.")
    private Path file;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = "The picture; default: where the provenance says, if that is below its own folder.")
    private @Nullable Path picture;

    @Option(names = "-o", paramLabel = "FILE", description = "Also write the sound that came out.")
    private @Nullable Path output;

    @Option(names = "--overwrite", description = "Replace -o's FILE where it is there.")
    private boolean overwrite;

    @Mixin
    private final WeightsOptions weights = new WeightsOptions();

    @Mixin
    private final MachineOptions machine = new MachineOptions();

    @Option(names = "-q", description = "Say nothing but the result.")
    private boolean quiet;

    @Override
    public Integer call() {
        boolean isRecord = String.valueOf(file.getFileName()).endsWith(".json");
        Path record = isRecord ? file : ProvenanceFile.beside(file);
        Provenance provenance = ProvenanceFile.read(record);
        Earlier earlier = new Earlier(record, provenance);
        Path out = output;
        if (out != null) {
            requireOther(out, earlier);
            Targets.requireFreePlace(out, overwrite);
        }
        Precision precision = machine.precisionOr(provenance.device().precision());
        int threads = machine.threads(provenance.device().threads());
        Wish wish = earlier.wish();
        Checkpoint checkpoint = weights.checkpoint();
        try (Backend backend = machine.open(precision, threads);
                ProgressReport report =
                        ProgressReport.on(spec.commandLine().getErr(), quiet ? Verbosity.QUIET : Verbosity.NORMAL);
                Arena arena = Arena.ofConfined()) {
            Recorder recorder = Recorder.of(machine, checkpoint, wish.variant(), precision, threads);
            earlier.requireSameWeights(recorder.checkpoint());
            List<Path> pictures = earlier.pictures(picture, recorder);
            Again again = new Again(provenance, arena);
            new ImageToMusic(backend, checkpoint, threads, machine.cache(), report).generate(wish, pictures, again);
            Sound sound = again.sound();
            int status = compare(sound, provenance, recorder, isRecord ? earlier.soundFile() : file, arena);
            if (out != null) {
                SoundFiles.write(out, sound, Earlier.format(provenance.sound()), Map.of());
            }
            return status;
        }
    }

    private void requireOther(Path out, Earlier earlier) {
        Path place = out.toAbsolutePath().normalize();
        if (place.equals(earlier.soundFile().toAbsolutePath().normalize())
                || place.equals(earlier.file().toAbsolutePath().normalize())) {
            throw new ParameterException(spec.commandLine(), "-o " + out + " is what is to be compared with");
        }
        String ending = "." + earlier.provenance().sound().format();
        if (!out.toString().endsWith(ending)) {
            throw new ParameterException(
                    spec.commandLine(), "-o " + out + " does not end in " + ending + ", as the sound was written");
        }
    }

    private int compare(Sound sound, Provenance provenance, Recorder recorder, Path earlierSound, Arena arena) {
        var result = spec.commandLine().getOut();
        String digest = SampleDigest.of(sound);
        if (digest.equals(provenance.sound().sha256())) {
            result.println("identical: every sample is what it was (SHA-256 " + digest + ")");
            result.flush();
            return ExitCode.OK;
        }
        boolean same = recorder.computesLike(provenance);
        String difference = Files.isRegularFile(earlierSound)
                ? String.format(
                        Locale.ROOT,
                        "relative error %.1e to %s as it was encoded",
                        Earlier.relativeError(sound, SoundFiles.read(earlierSound, sound.length() + 1, arena)),
                        PrintableText.of(String.valueOf(earlierSound.getFileName())))
                : PrintableText.of(earlierSound.getFileName() + " is not there to be compared");
        result.println(
                same
                        ? "different, though made on the same machine by the same versions: " + difference
                        : "not identical, for it was made on another machine, by other versions or in another way: "
                                + difference);
        result.flush();
        return same ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    /** Keeps the one candidate that the record is about, at its level. */
    private static final class Again implements TakeListener {
        private final Provenance provenance;
        private final Arena arena;
        private @Nullable Sound sound;

        Again(Provenance provenance, Arena arena) {
            this.provenance = provenance;
            this.arena = arena;
        }

        @Override
        public void made(Take take) {
            Sound made = take.sounds().get(provenance.settings().candidate() - 1);
            PeakNormalisation peak =
                    PeakNormalisation.parse(provenance.settings().peak());
            Sound level = peak.apply(made, arena);
            Sound kept = Sound.allocate(arena, level.length(), level.sampleRate());
            kept.samples().copyFrom(level.samples());
            sound = kept;
        }

        @Override
        public void failed(Path picture, RuntimeException failure) {
            throw failure;
        }

        Sound sound() {
            Sound made = sound;
            if (made == null) {
                throw new IllegalStateException("the generation ended without a sound");
            }
            return made;
        }
    }
}
