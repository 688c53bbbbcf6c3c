package io.art2mus.weights;

import java.nio.file.Path;
import java.util.List;

/** Is told which parameters of a weight file a part of the model did not take, once it is built. */
@FunctionalInterface
public interface UnusedListener {
    /** Listens to nothing. */
    UnusedListener NONE = (file, names) -> {};

    /**
     * A part is built.
     *
     * @param file where its weights come from
     * @param names in the order of the file; empty where all were taken
     */
    void unused(Path file, List<String> names);
}
