package io.art2mus.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Items in the order of their table. */
public final class ItemSet {
    private final List<Item> items;

    ItemSet(List<Item> items) {
        this.items = List.copyOf(items);
    }

    /** Number of items. */
    public int size() {
        return items.size();
    }

    /** One item. */
    public Item get(int index) {
        return items.get(index);
    }

    /**
     * The order of an epoch: every index once. It depends on nothing but the arguments and the number of items.
     *
     * @param epoch from 0 on
     */
    public int[] order(long seed, int epoch) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, items.size()).boxed().toList());
        Collections.shuffle(order, new Random(mixed(seed, epoch)));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * {@link Random} of two seeds that are close begin alike, so that their bits are spread first.
     *
     * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood 2014, SplitMix</a>
     */
    private static long mixed(long seed, int epoch) {
        long bits = seed + (epoch + 1) * 0x9E3779B97F4A7C15L;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }
}
