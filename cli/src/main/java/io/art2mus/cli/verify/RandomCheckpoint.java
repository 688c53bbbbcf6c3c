package io.art2mus.cli.verify;

import io.art2mus.checkpoint.CheckpointPart;
import io.art2mus.checkpoint.CheckpointPlan;
import io.art2mus.checkpoint.CheckpointWriter;
import io.art2mus.checkpoint.Preset;
import io.art2mus.graph.DType;
import io.art2mus.pipeline.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A checkpoint of the published shapes with random weights, in a folder for as long as it is measured. */
final class RandomCheckpoint implements AutoCloseable {
    /** What it is, for a report. */
    static final String NAME = "random, of audioldm2-music's shapes";

    /** Pictures are not measured. */
    private static final Set<CheckpointPart> PARTS =
            EnumSet.complementOf(EnumSet.of(CheckpointPart.IMAGEBIND, CheckpointPart.IMAGE_PROJECTION));

    private final Path folder;

    /** Writes it below the folder for temporary files: about 4 GB. */
    RandomCheckpoint() throws IOException {
        folder = Files.createTempDirectory("art2mus-weights");
        CheckpointPlan plan = CheckpointPlan.of(Preset.named("audioldm2-music"), PARTS, DType.F16, 0);
        try {
            CheckpointWriter.write(plan, folder, Runtime.getRuntime().availableProcessors(), new Silent());
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    Checkpoint checkpoint() {
        return new Checkpoint(folder);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> inmostFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : inmostFirst) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A report of how far the writing is would only disturb. */
    private static final class Silent implements CheckpointWriter.Listener {
        @Override
        public void begin(String file) {}

        @Override
        public void written(long bytes) {}
    }
}
