package io.art2mus.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Which pairs are learned from, and which are kept for tests: a fifth of every style, as far as whole numbers allow, but never a style's
 * last pair. It depends on the table and the seed alone, so that a file which turns out to be damaged moves no other pair.
 *
 * @param training four fifths, in the table's order
 * @param test the rest, in the table's order
 * @param validation at most 100 of {@code test}, drawn in the same way
 * @see <a href="https://arxiv.org/abs/2410.04906">Rinaldi et al. 2024, Art2Mus, section 4</a>
 */
record Split(List<Pair> training, List<Pair> test, List<Pair> validation) {
    private static final double TEST_SHARE = 0.2;
    private static final int MOST_VALIDATION = 100;

    /** Splits pairs by a seed. Java's documentation fixes what {@link Random} and {@link Collections#shuffle} do. */
    static Split of(List<Pair> pairs, long seed) {
        Random random = new Random(seed);
        Collection<List<Pair>> styles = byStyle(pairs).values();
        Set<Pair> test = drawn(styles, Math.round(TEST_SHARE * pairs.size()), 1, random);
        List<Pair> tested = pairs.stream().filter(test::contains).toList();
        Set<Pair> validation = drawn(byStyle(tested).values(), Math.min(MOST_VALIDATION, tested.size()), 0, random);
        return new Split(
                pairs.stream().filter(pair -> !test.contains(pair)).toList(),
                tested,
                tested.stream().filter(validation::contains).toList());
    }

    /** The pairs of each style, in the table's order; those without one make a group of their own. */
    static Map<String, List<Pair>> byStyle(List<Pair> pairs) {
        Map<String, List<Pair>> styles = new TreeMap<>();
        for (Pair pair : pairs) {
            String style = pair.style();
            styles.computeIfAbsent(style == null ? "" : style, _ -> new ArrayList<>())
                    .add(pair);
        }
        return styles;
    }

    /**
     * Draws pairs so that each group has the same share of them: its whole part at once, and one more where the fraction that is left is
     * largest; lots decide between equals.
     *
     * @param kept pairs of each group that are not drawn
     */
    private static Set<Pair> drawn(Collection<List<Pair>> groups, long count, int kept, Random random) {
        int all = groups.stream().mapToInt(List::size).sum();
        List<List<Pair>> lots = new ArrayList<>();
        for (List<Pair> group : groups) {
            List<Pair> shuffled = new ArrayList<>(group);
            Collections.shuffle(shuffled, random);
            lots.add(shuffled);
        }
        Collections.shuffle(lots, random);
        lots.sort(Comparator.comparingLong(group -> -(count * group.size() % all)));
        long[] shares = lots.stream()
                .mapToLong(group -> Math.min(count * group.size() / all, group.size() - kept))
                .toArray();
        long left = count - LongStream.of(shares).sum();
        Set<Pair> drawn = new HashSet<>();
        for (int i = 0; i < shares.length; i++) {
            List<Pair> group = lots.get(i);
            if (left > 0 && shares[i] < group.size() - kept) {
                shares[i]++;
                left--;
            }
            drawn.addAll(group.subList(0, Math.toIntExact(shares[i])));
        }
        return drawn;
    }
}
