package io.art2mus.backend.operations;

import java.util.List;
import java.util.stream.Stream;

/** Every operation on awkward shapes, and the chains of operations that backends fuse. */
public final class OpCases {
    private OpCases() {}

    /** Those of the forward pass; add one here and it is run on every backend. */
    public static List<OpCase> all() {
        return Stream.of(
                        ConvolutionCases.all(),
                        LinearCases.all(),
                        AttentionCases.all(),
                        NormalisationCases.all(),
                        PointwiseCases.all(),
                        MovementCases.all(),
                        ChainCases.all())
                .flatMap(List::stream)
                .toList();
    }

    /** The same and the operations of training. */
    public static List<OpCase> withTraining() {
        return Stream.concat(all().stream(), TrainingCases.all().stream()).toList();
    }
}
