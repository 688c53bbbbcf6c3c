package io.art2mus.pipeline;

import io.art2mus.audio.Sound;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What came of one picture, or of a text alone.
 *
 * @param picture null for a text alone
 * @param sounds one a candidate, in the order of their noise, at the model's own level
 * @param scores how well each sound fits the picture, −1 … 1; empty where there was nothing to choose
 */
public record Take(@Nullable Path picture, List<Sound> sounds, List<Double> scores) {
    /** Candidates from the best to the worst, as indices of {@link #sounds}; in their order where they have no scores. */
    public List<Integer> ranking() {
        List<Integer> all = IntStream.range(0, sounds.size()).boxed().toList();
        return scores.isEmpty()
                ? all
                : all.stream()
                        .sorted(Comparator.comparingDouble((Integer i) -> -scores.get(i)))
                        .toList();
    }
}
