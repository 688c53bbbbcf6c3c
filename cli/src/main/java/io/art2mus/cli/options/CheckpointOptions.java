package io.art2mus.cli.options;

import io.art2mus.pipeline.Checkpoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which weights are used. */
public final class CheckpointOptions {
    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description =
                    "Checkpoint in the Hugging Face layout; default: the small model that comes with the project.")
    private @Nullable Path folder;

    @Option(
            names = "--imagebind",
            paramLabel = "FILE",
            description = "ImageBind's weights (.pth) instead of the checkpoint's own.")
    private @Nullable Path imageBind;

    /** Whether ImageBind's weights were named, which only pictures need. */
    public boolean namesImageBind() {
        return imageBind != null;
    }

    /** The checkpoint that was asked for; a {@code WeightsException} where the folder holds none. */
    public Checkpoint checkpoint() {
        return checkpoint(null);
    }

    /** The same with another image projection layer than its own. */
    public Checkpoint checkpoint(@Nullable Path projection) {
        Path chosen = folder;
        return new Checkpoint(chosen == null ? Installation.miniModel() : chosen, projection, imageBind);
    }
}
