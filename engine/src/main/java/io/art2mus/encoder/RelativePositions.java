package io.art2mus.encoder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How T5 sorts distances between two tokens into buckets: half of them for keys after the query, and of each half the
 * first half exactly, the rest by logarithm.
 *
 * @param buckets how many there are, 32 in the published model
 * @param farthest distance from which on all share the last bucket, 128 in the published model
 * @see <a href="https://arxiv.org/abs/1910.10683">Raffel et al. 2020, section 2.1</a>
 */
record RelativePositions(int buckets, int farthest) {
    RelativePositions {
        if (buckets % 4 != 0 || farthest <= buckets / 4) {
            throw new IllegalArgumentException("relative positions in " + buckets + " buckets up to distance "
                    + farthest + ": the count must be a multiple of 4, the distance more than a quarter of it");
        }
    }

    /** The bucket of every query and key of a sequence, int64 {@code [length, length]}, owned by {@code arena}. */
    MemorySegment buckets(Arena arena, long length) {
        MemorySegment table = arena.allocate(ValueLayout.JAVA_LONG, length * length);
        for (long query = 0; query < length; query++) {
            for (long key = 0; key < length; key++) {
                table.setAtIndex(ValueLayout.JAVA_LONG, query * length + key, bucket(key - query));
            }
        }
        return table;
    }

    /** In float32, as the reference does it: a boundary is a power whose logarithm rounds either way. */
    long bucket(long distance) {
        int half = buckets / 2;
        int exact = half / 2;
        long offset = distance > 0 ? half : 0;
        long size = Math.abs(distance);
        if (size < exact) {
            return offset + size;
        }
        float share = (float) Math.log((float) size / exact) / (float) Math.log((double) farthest / exact);
        return offset + Math.min(half - 1, exact + (long) (share * (half - exact)));
    }
}
