package io.art2mus.backend.cpu;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A sum of rows by their factors. */
final class Combination {
    /** Rows of a pass: with fewer the sum is read and written more often. */
    private static final int TOGETHER = 3;

    private final int[] rows;
    private final float[] factors;

    /** Of those rows whose factors are not 0. */
    private Combination(float[] all) {
        int[] present = IntStream.range(0, all.length).filter(i -> all[i] != 0).toArray();
        int length = Math.ceilDiv(present.length, TOGETHER) * TOGETHER;
        rows = Arrays.copyOf(present, length);
        factors = new float[length];
        for (int i = 0; i < length; i++) {
            // What fills the last pass up is a row that is read anyway.
            rows[i] = present[Math.min(i, present.length - 1)];
            factors[i] = i < present.length ? all[rows[i]] : 0;
        }
    }

    /** From the positions of a tile, one for each point. */
    static Combination[] toPoints(ToomCook tiles) {
        return IntStream.range(0, tiles.points())
                .mapToObj(point -> new Combination(tiles.tile(point)))
                .toArray(Combination[]::new);
    }

    /** From the products at each point and a bias after them, one for each output. */
    static Combination[] toOutputs(ToomCook tiles) {
        return IntStream.range(0, tiles.outputs())
                .mapToObj(output -> {
                    float[] factors = Arrays.copyOf(tiles.output(output), tiles.points() + 1);
                    factors[tiles.points()] = 1;
                    return new Combination(factors);
                })
                .toArray(Combination[]::new);
    }

    /**
     * Overwrites {@code sum}.
     *
     * @param ring the rows, of which there are {@code count}
     * @param start where the first of them is; they go on at 0
     */
    void of(HostRow[] ring, int start, int count, float[] sum, int length) {
        for (int i = 0; i < rows.length; i += TOGETHER) {
            float[] a = ring[(start + rows[i]) % count].floats;
            float[] b = ring[(start + rows[i + 1]) % count].floats;
            float[] c = ring[(start + rows[i + 2]) % count].floats;
            if (i == 0) {
                set(factors[i], a, factors[i + 1], b, factors[i + 2], c, sum, length);
            } else {
                add(factors[i], a, factors[i + 1], b, factors[i + 2], c, sum, length);
            }
        }
    }

    private static void set(float fa, float[] a, float fb, float[] b, float fc, float[] c, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = fa * a[i] + fb * b[i] + fc * c[i];
        }
    }

    private static void add(float fa, float[] a, float fb, float[] b, float fc, float[] c, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += fa * a[i] + fb * b[i] + fc * c[i];
        }
    }
}
