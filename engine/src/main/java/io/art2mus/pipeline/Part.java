package io.art2mus.pipeline;

import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;

/** The open weights of one part of a checkpoint, from before its graph is built until after it ran. */
final class Part implements AutoCloseable {
    private final WeightFile file;
    private final WeightTree tree;

    /** Takes over the open file. */
    Part(WeightFile file) {
        this.file = file;
        this.tree = file.tree();
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
