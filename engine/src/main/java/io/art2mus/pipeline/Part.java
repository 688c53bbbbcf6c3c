package io.art2mus.pipeline;

import io.art2mus.ffi.UserCache;
import io.art2mus.provenance.FileDigest;
import io.art2mus.provenance.FileDigests;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The open weights of one part of a checkpoint, from before its graph is built until after it ran. */
final class Part implements AutoCloseable {
    private final WeightFile file;
    private final WeightTree tree;

    /**
     * Takes over an open file.
     *
     * @param files it consists of
     * @param cache remembers their digests, by which repacked parameters are kept; null where nothing is
     */
    Part(WeightFile file, List<Path> files, @Nullable UserCache cache) {
        this.file = file;
        this.tree = cache == null ? file.tree() : file.tree(identity(files, cache));
    }

    /** A part of a checkpoint, such as {@code unet}. */
    static Part open(Checkpoint checkpoint, String part, @Nullable UserCache cache) {
        return new Part(checkpoint.weights(part), WeightFile.filesOfPart(checkpoint.part(part)), cache);
    }

    private static String identity(List<Path> files, UserCache cache) {
        return FileDigests.remembering(cache).ofAll(files).values().stream()
                .map(FileDigest::sha256)
                .collect(Collectors.joining(" "));
    }

    /** The parameters; what is taken from it counts as used. */
    WeightTree tree() {
        return tree;
    }

    /** Tells which parameters the graph, now built, left unused. */
    void reportUnused(Progress progress) {
        progress.unused(file.fileOf(""), tree.unused());
    }

    /** Refuses to run on a file that was written to since it was opened: its mapped bytes may be gone. */
    void requireUnchanged() {
        file.requireUnchanged();
    }

    @Override
    public void close() {
        file.close();
    }
}
