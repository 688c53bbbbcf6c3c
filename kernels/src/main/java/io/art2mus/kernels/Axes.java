package io.art2mus.kernels;

import java.util.Arrays;

/**
 * How two tensors of the same extents lie, as four axes: neighbouring ones that lie alike in both are joined, and outer ones of extent 1
 * fill up.
 *
 * @param extents four of them
 * @param first elements of the first tensor between neighbours along each axis
 * @param second the same of the second tensor
 */
@SuppressWarnings("ArrayRecordComponent") // They never leave the launcher that made them.
record Axes(long[] extents, long[] first, long[] second) {
    private static final int COUNT = 4;

    /**
     * Joins what can be joined.
     *
     * @throws IllegalArgumentException where more than four axes are left, or there are more than 2^31 − 1 elements
     */
    static Axes of(long[] extents, long[] first, long[] second) {
        if (extents.length != first.length || extents.length != second.length) {
            throw new IllegalArgumentException(Arrays.toString(extents) + " with strides " + Arrays.toString(first)
                    + " and " + Arrays.toString(second));
        }
        long[] n = {1, 1, 1, 1};
        long[] s = new long[COUNT];
        long[] t = new long[COUNT];
        int axis = COUNT;
        for (int i = extents.length - 1; i >= 0; i--) {
            if (extents[i] == 1) {
                continue;
            }
            boolean joins = axis < COUNT && first[i] == s[axis] * n[axis] && second[i] == t[axis] * n[axis];
            if (joins) {
                n[axis] *= extents[i];
            } else if (axis == 0) {
                throw new IllegalArgumentException(Arrays.toString(extents) + " with strides " + Arrays.toString(first)
                        + " and " + Arrays.toString(second) + " has more than four axes");
            } else {
                axis--;
                n[axis] = extents[i];
                s[axis] = first[i];
                t[axis] = second[i];
            }
        }
        if (axis == COUNT) {
            // One element; the innermost axis is dense by convention.
            s[COUNT - 1] = 1;
            t[COUNT - 1] = 1;
        }
        return new Axes(n, s, t);
    }

    /** How many elements there are. */
    int elements() {
        long count = 1;
        for (long extent : extents) {
            count *= extent;
        }
        return Extents.requirePositive(count, "elements");
    }

    /** Strides of a tensor without gaps. */
    static long[] denseStrides(long[] extents) {
        long[] strides = new long[extents.length];
        long stride = 1;
        for (int i = extents.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= extents[i];
        }
        return strides;
    }
}
