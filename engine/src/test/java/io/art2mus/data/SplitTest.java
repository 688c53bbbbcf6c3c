package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    /** As many pairs of each style as are asked for. */
    private static List<Pair> pairs(int... styles) {
        List<Pair> pairs = new ArrayList<>();
        for (int style = 0; style < styles.length; style++) {
            for (int i = 0; i < styles[style]; i++) {
                pairs.add(new Pair("p" + pairs.size(), "m" + pairs.size(), "style " + style));
            }
        }
        return pairs;
    }

    @Test
    void publishedSizeGivesAFifthOfEveryStyleAndAHundredToValidate() {
        int[] styles = IntStream.concat(IntStream.range(1, 26).map(i -> 20 * i), IntStream.of(3_500))
                .toArray();
        List<Pair> pairs = pairs(styles);
        assertThat(pairs).hasSize(10_000);

        Split split = Split.of(pairs, 1);

        assertThat(split.training()).hasSize(8_000);
        assertThat(split.test()).hasSize(2_000);
        assertThat(split.validation()).hasSize(100);
        assertThat(split.test()).containsAll(split.validation());
        Map<String, List<Pair>> tested = Split.byStyle(split.test());
        Split.byStyle(pairs)
                .forEach((style, all) -> assertThat(tested.get(style)).hasSize(all.size() / 5));
        Map<String, List<Pair>> validated = Split.byStyle(split.validation());
        assertThat(validated.get("style 25")).hasSize(35);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 18, 101, 733})
    void everyPairIsInOnePartInTheTablesOrder(int count) {
        List<Pair> pairs = pairs(count / 3, count - count / 3);
        Split split = Split.of(pairs, count);

        assertThat(Stream.concat(split.training().stream(), split.test().stream())
                        .toList())
                .containsExactlyInAnyOrderElementsOf(pairs);
        assertThat(split.training())
                .isEqualTo(pairs.stream()
                        .filter(new HashSet<>(split.training())::contains)
                        .toList());
        assertThat(split.test()).hasSize((int) Math.round(0.2 * count));
    }

    @Test
    void loneStyleIsLearnedFrom() {
        for (long seed = 0; seed < 50; seed++) {
            Split split = Split.of(pairs(1, 1, 1, 5, 2), seed);
            assertThat(Split.byStyle(split.training())).hasSize(5);
            assertThat(split.test()).hasSize(2);
        }
    }

    @Test
    void seedDecidesAndNothingElse() {
        List<Pair> pairs = pairs(9, 9);

        assertThat(Split.of(pairs, 5)).isEqualTo(Split.of(pairs, 5));
        assertThat(IntStream.range(0, 20)
                        .mapToObj(seed -> Split.of(pairs, seed).test())
                        .distinct())
                .hasSizeGreaterThan(15);
    }

    @Test
    void splitOfThisSeedStaysWhatItIs() {
        assertThat(Split.of(pairs(6, 6, 6), 0).test().stream().map(Pair::picture))
                .containsExactly("p1", "p4", "p8", "p12");
    }
}
