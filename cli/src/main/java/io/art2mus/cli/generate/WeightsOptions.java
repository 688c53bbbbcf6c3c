package io.art2mus.cli.generate;

import io.art2mus.cli.options.CheckpointOptions;
import io.art2mus.pipeline.Checkpoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which weights make a sound: a checkpoint's, and perhaps a layer that was trained. */
final class WeightsOptions {
    @Mixin
    private final CheckpointOptions checkpoint = new CheckpointOptions();

    @Option(
            names = "--projection",
            paramLabel = "FILE",
            description = "Image projection layer (.safetensors or .pt) instead of the checkpoint's own.")
    private @Nullable Path projection;

    /** Whether a file was named that only pictures need. */
    boolean hasPictureParts() {
        return projection != null || checkpoint.namesImageBind();
    }

    /** The checkpoint that was asked for; a {@code WeightsException} where the folder holds none. */
    Checkpoint checkpoint() {
        return checkpoint.checkpoint(projection);
    }
}
