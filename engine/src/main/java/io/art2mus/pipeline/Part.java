package io.art2mus.pipeline;

import io.art2mus.ffi.UserCache;
import io.art2mus.provenance.FileDigest;
import io.art2mus.provenance.FileDigests;
import io.art2mus.weights.FiniteParameters;
import io.art2mus.weights.OpenWeights;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The open weights of one part of a checkpoint, from before its graph is built until after it ran. */
public final class Part implements OpenWeights {
    private final WeightFile file;
    private final WeightTree tree;
    private final @Nullable FiniteParameters finite;

    /**
     * Takes over an open file.
     *
     * @param files it consists of
     * @param cache remembers their digests, by which repacked parameters are kept and which of them are finite; null where nothing is
     */
    Part(WeightFile file, List<Path> files, @Nullable UserCache cache) {
        this.file = file;
        if (cache == null) {
            finite = null;
            tree = file.tree();
            return;
        }
        try {
            String identity = identity(files, cache);
            // What has these digests must be what is mapped.
            file.requireUnchanged();
            finite = FiniteParameters.recall(cache, identity, file.names());
            tree = file.tree(identity, finite);
        } catch (Throwable refused) {
            file.close();
            throw refused;
        }
    }

    /** ImageBind's weights; the rest as for {@link #open}. */
    static Part imageBind(Checkpoint checkpoint, @Nullable UserCache cache) {
        Path file = checkpoint.imageBind();
        return new Part(WeightFile.open(file), List.of(file), cache);
    }

    /** A part of a checkpoint, such as {@code unet}. The caller owns it; {@code cache} is null where nothing is to be kept. */
    public static Part open(Checkpoint checkpoint, String part, @Nullable UserCache cache) {
        return new Part(checkpoint.weights(part), WeightFile.filesOfPart(checkpoint.part(part)), cache);
    }

    private static String identity(List<Path> files, UserCache cache) {
        return FileDigests.remembering(cache).ofAll(files).values().stream()
                .map(FileDigest::sha256)
                .collect(Collectors.joining(" "));
    }

    /** The parameters; what is taken from it counts as used. */
    @Override
    public WeightTree tree() {
        return tree;
    }

    /** Tells which parameters the graph, now built, left unused. */
    void reportUnused(Progress progress) {
        progress.unused(file.fileOf(""), tree.unused());
    }

    @Override
    public Path fileOf(String name) {
        return file.fileOf(name);
    }

    @Override
    public void requireUnchanged() {
        file.requireUnchanged();
    }

    @Override
    public void close() {
        try (file) {
            if (finite != null) {
                finite.keep();
            }
        }
    }
}
