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
            names = "--projection",
            paramLabel = "FILE",
            description = "Image projection layer (.safetensors or .pt) instead of the checkpoint's own.")
    private @Nullable Path projection;

    @Option(
            names = "--imagebind",
            paramLabel = "FILE",
            description = "ImageBind's weights (.pth) instead of the checkpoint's own.")
    private @Nullable Path imageBind;

    /** Whether a file was named that only pictures need. */
    public boolean hasPictureParts() {
        return projection != null || imageBind != null;
    }

    /** The checkpoint that was asked for; a {@code WeightsException} where the folder holds none. */
    public Checkpoint checkpoint() {
        Path chosen = folder;
        return new Checkpoint(chosen == null ? Installation.miniModel() : chosen, projection, imageBind);
    }
}
