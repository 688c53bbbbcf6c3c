package io.art2mus.cli.ceiling;

import java.util.Arrays;

/**
 * Times work for a GPU from outside: many runs of it, between two moments when the GPU has nothing left to do.
 *
 * @param idle returns when the GPU has nothing left to do
 */
public record Stopwatch(Runnable idle) {
    private static final int ROUNDS = 5;

    /** Asking costs some microseconds, which a round of so many seconds hides. */
    private static final double ROUND_SECONDS = 0.2;

    private static final int MOST_RUNS = 10_000;

    /**
     * Seconds of one run.
     *
     * @param median of several rounds
     * @param fastest of them
     * @param runs in a round
     */
    public record Time(double median, double fastest, int runs) {}

    /** Times work whose first run may be slower, which is not counted. */
    public Time time(Runnable work) {
        round(work, 1);
        int runs = (int) Math.clamp(ROUND_SECONDS / round(work, 1), 1, MOST_RUNS);
        double[] seconds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            seconds[i] = round(work, runs);
        }
        Arrays.sort(seconds);
        return new Time(seconds[ROUNDS / 2], seconds[0], runs);
    }

    private double round(Runnable work, int runs) {
        idle.run();
        long began = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            work.run();
        }
        idle.run();
        return (System.nanoTime() - began) / 1e9 / runs;
    }
}
