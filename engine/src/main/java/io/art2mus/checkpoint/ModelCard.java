package io.art2mus.checkpoint;

import io.art2mus.graph.DType;
import java.util.Set;
import java.util.stream.Collectors;

/** What stands in a new checkpoint's {@code README.md}, so that nobody takes it for a trained one. */
final class ModelCard {
    private ModelCard() {}

    static String of(Preset preset, Set<CheckpointPart> parts, DType dtype, long seed) {
        String list = parts.stream().sorted().map(CheckpointPart::toString).collect(Collectors.joining(","));
        return """
                # Random weights with the shapes of %1$s

                Made by

                    art2mus new-checkpoint --preset %1$s --dtype %2$s --seed %3$d --parts %4$s DIR

                to measure time and memory without the published weights. Nothing in it was trained: what it generates is noise. The same
                command writes the same bytes again, on any machine.

                - Weights are random, near to normal and scaled so that activations of order 1 stay of order 1.
                - The tokenizers are not the published ones. `tokenizer` knows single bytes; its texts are padded to one length in any case.
                  `tokenizer_2` knows single characters and some common words: a prompt of other words has more tokens than it would have.
                - `image_projection` and `imagebind` belong to Art2Mus; diffusers does not look at them.
                """.formatted(preset.name(), CheckpointPlan.shown(dtype), seed, list);
    }
}
