package io.art2mus.weights;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which parameters of some files were looked at and hold neither NaN nor infinity, remembered between processes, so that gigabytes are
 * not read for that each time. What is remembered belongs to the files' digests: other bytes are looked at again.
 */
public final class FiniteParameters {
    private static final String KEY = "finite 1\n";

    private final UserCache cache;
    private final String key;
    private final Map<String, Integer> places = new HashMap<>();
    private final BitSet seen;
    private boolean grown;

    private FiniteParameters(UserCache cache, String key, Set<String> names, BitSet seen) {
        this.cache = cache;
        this.key = key;
        this.seen = seen;
        names.forEach(name -> places.put(name, places.size()));
    }

    /**
     * What is remembered of some files.
     *
     * @param identity digests of the files, which their bytes follow from
     * @param names of their parameters, in the files' order
     */
    public static FiniteParameters recall(UserCache cache, String identity, Set<String> names) {
        String key = KEY + identity;
        BitSet seen = cache.recall(CacheKind.DIGESTS, key).map(BitSet::valueOf).orElseGet(BitSet::new);
        return new FiniteParameters(cache, key, names, seen);
    }

    /** Whether the parameter of this name was seen to be finite. */
    synchronized boolean contains(String name) {
        Integer place = places.get(name);
        return place != null && seen.get(place);
    }

    /** Notes that every element of this parameter was looked at and is finite. */
    synchronized void add(String name) {
        Integer place = places.get(name);
        if (place != null && !seen.get(place)) {
            seen.set(place);
            grown = true;
        }
    }

    /** Remembers what was noted; where the disk is full they are looked at again next time. */
    public synchronized void keep() {
        if (grown) {
            cache.remember(CacheKind.DIGESTS, key, seen.toByteArray());
            grown = false;
        }
    }
}
