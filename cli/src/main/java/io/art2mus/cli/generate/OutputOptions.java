package io.art2mus.cli.generate;

import io.art2mus.audio.PeakNormalisation;
import io.art2mus.cli.options.Peaks;
import io.art2mus.ffi.sndfile.SoundFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where sounds go, and in which form. */
final class OutputOptions {
    private static final List<String> CONTAINERS = Arrays.stream(SoundFormat.values())
            .map(SoundFormat::extension)
            .distinct()
            .toList();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "-o",
            paramLabel = "FILE|DIR",
            description =
                    "Where the sound goes, or the folder where sounds go; default: here, under the picture's name.")
    private @Nullable Path output;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "wav, flac, ogg or mp3; default: what -o's name ends in, else wav.")
    private @Nullable String format;

    @Option(
            names = "--bit-depth",
            paramLabel = "16|24|float",
            description = "Of wav and flac (which has no float); default: 16.")
    private @Nullable String bitDepth;

    @Option(
            names = "--peak",
            paramLabel = "LEVEL",
            converter = Peaks.class,
            description = "Scale the sound so that its peak is there, such as -1dB, or off for the model's own level; "
                    + "default: ${DEFAULT-VALUE}.")
    private PeakNormalisation peak = PeakNormalisation.to(-1);

    @Option(names = "--spectrogram", paramLabel = "FILE.png", description = "Also draw the sound's mel spectrogram.")
    private @Nullable Path spectrogram;

    @Option(
            names = "--timings",
            paramLabel = "FILE.json",
            description =
                    "Also write how long each stage and step took; trace viewers (chrome://tracing, Perfetto) show it.")
    private @Nullable Path timings;

    @Option(names = "--keep-all", description = "Keep every candidate, as NAME-1, NAME-2 …")
    private boolean keepAll;

    @Option(names = "--overwrite", description = "Replace files that are there.")
    private boolean overwrite;

    @Option(names = "--resume", description = "Skip pictures whose sounds are there, made by the same settings.")
    private boolean resume;

    @Nullable
    Path output() {
        return output;
    }

    PeakNormalisation peak() {
        return peak;
    }

    @Nullable
    Path spectrogram() {
        return spectrogram;
    }

    @Nullable
    Path timings() {
        return timings;
    }

    /** Files beside the sounds. */
    List<Path> others() {
        return Stream.of(spectrogram, timings).filter(Objects::nonNull).toList();
    }

    boolean keepAll() {
        return keepAll;
    }

    boolean overwrite() {
        return overwrite;
    }

    boolean resume() {
        return resume;
    }

    /** The container and encoding that {@link #soundFormat} is asked for, {@code named} where {@code -o} names a file. */
    SoundFormat soundFormat(@Nullable Path named) {
        String container = container(named);
        String depth = bitDepth;
        return switch (container) {
            case "wav" ->
                switch (depth) {
                    case null -> SoundFormat.WAV_PCM16;
                    case "16" -> SoundFormat.WAV_PCM16;
                    case "24" -> SoundFormat.WAV_PCM24;
                    case "float" -> SoundFormat.WAV_FLOAT;
                    default -> throw refused("--bit-depth is " + depth + ", wav has 16, 24 or float");
                };
            case "flac" ->
                switch (depth) {
                    case null -> SoundFormat.FLAC_PCM16;
                    case "16" -> SoundFormat.FLAC_PCM16;
                    case "24" -> SoundFormat.FLAC_PCM24;
                    default -> throw refused("--bit-depth is " + depth + ", flac has 16 or 24");
                };
            default -> {
                if (depth != null) {
                    throw refused("--bit-depth is " + depth + ", but " + container + " is lossy and has none");
                }
                yield container.equals("ogg") ? SoundFormat.OGG_VORBIS : SoundFormat.MP3;
            }
        };
    }

    private String container(@Nullable Path named) {
        String asked = format == null ? null : format.toLowerCase(Locale.ROOT);
        if (asked != null && !CONTAINERS.contains(asked)) {
            throw refused("--format is " + asked + ", expected one of " + String.join(", ", CONTAINERS));
        }
        if (named == null) {
            return asked == null ? "wav" : asked;
        }
        String name = String.valueOf(named.getFileName());
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!CONTAINERS.contains(ending)) {
            if (asked == null) {
                throw refused("-o " + named + " does not end in "
                        + CONTAINERS.stream().map(container -> "." + container).collect(Collectors.joining(", "))
                        + "; name the format by --format");
            }
            return asked;
        }
        if (asked != null && !asked.equals(ending)) {
            throw refused("--format is " + asked + ", but -o " + named + " ends in ." + ending);
        }
        return ending;
    }

    ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
