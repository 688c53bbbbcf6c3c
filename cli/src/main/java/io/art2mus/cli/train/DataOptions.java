package io.art2mus.cli.train;

import io.art2mus.data.DataSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is learned from. */
final class DataOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--pairs",
            required = true,
            paramLabel = "FILE",
            description =
                    "Which picture belongs to which music: CSV with the columns image, audio and, if there is one, style; "
                            + "JSON Lines of the same; or the published JSON.")
    private @Nullable Path pairs;

    @Option(
            names = "--images",
            required = true,
            paramLabel = "DIR",
            description = "Folder that the pictures are below.")
    private @Nullable Path images;

    @Option(names = "--audio", required = true, paramLabel = "DIR", description = "Folder that the music is below.")
    private @Nullable Path audio;

    @Option(
            names = "--embeddings",
            arity = "1..*",
            paramLabel = "FILE",
            description = "ImageBind's embeddings of the pictures (.safetensors); those that no file has are computed.")
    private List<Path> embeddings = List.of();

    @Option(
            names = "--clip-start",
            paramLabel = "N",
            description =
                    "Second of a track where the ten seconds begin that are learned from; default: ${DEFAULT-VALUE}. "
                            + "Of a shorter track its last ten.")
    private double clipStart = 10;

    private static Path given(@Nullable Path required) {
        return Objects.requireNonNull(required, "picocli refuses a command without it");
    }

    /** Where the data lies; bad usage where the clip cannot start there. */
    DataSource source() {
        try {
            return new DataSource(given(pairs), given(images), given(audio), embeddings, clipStart);
        } catch (IllegalArgumentException _) {
            throw new ParameterException(
                    spec.commandLine(), "--clip-start is " + clipStart + ", expected 0 or more seconds");
        }
    }
}
