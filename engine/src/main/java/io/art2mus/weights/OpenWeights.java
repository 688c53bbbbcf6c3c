package io.art2mus.weights;

import java.nio.file.Path;

/** Weights that are open as long as something is computed from them. */
public interface OpenWeights extends AutoCloseable {
    /** The parameters by module path. */
    WeightTree tree();

    /** The file that holds the tensor; for a name that is not there, the file that was opened. */
    Path fileOf(String name);

    /**
     * Refuses files that were written to since they were opened. Touching a mapped page that is gone kills the process,
     * so this is called before each part of a long computation. What remains is a file cut short while a part runs.
     */
    void requireUnchanged();

    @Override
    void close();
}
