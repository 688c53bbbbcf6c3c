package io.art2mus.graph;

import java.util.Optional;

/** Where a graph's parameters come from, by their path in the checkpoint. */
@FunctionalInterface
public interface ParameterSource {
    /**
     * The parameter at {@code path}.
     *
     * @param path such as {@code mid_block.resnets.0.norm1.weight}
     * @param expected the shape the model's configuration asks for
     * @throws RuntimeException where it is missing or has another shape; the message names file, path and both shapes
     */
    Parameter parameter(String path, Shape expected);

    /** What tells these parameters from all others, such as the digests of their files; empty where nobody knows. */
    default Optional<String> identity() {
        return Optional.empty();
    }
}
