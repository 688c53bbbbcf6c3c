package io.art2mus.backend.cpu;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.onednn.OneDnn;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of several ways to compute the same is the fastest on this machine. Each question is measured once and its answer kept in
 * the user's cache, so that every later plan and process chooses the same: the ways differ in the last bits of their results.
 */
final class MeasuredChoices implements Choices {
    /** To be raised when the ways, their order or what they cost changes. */
    private static final int EDITION = 2;

    private static final int TRIALS = 4;

    /** Nanoseconds of running before anything counts: pages and caches are filled, and host code is compiled while it runs. */
    private static final long WARM_UP = 20_000_000;

    /** Share of the first way's time that another one must stay below: less is within what a busy machine adds by chance. */
    private static final double WORTHWHILE = 0.9;

    private final UserCache cache;
    private final Map<String, Integer> known = new HashMap<>();

    /** Keeps answers in {@code cache}. */
    MeasuredChoices(UserCache cache) {
        this.cache = cache;
    }

    @Override
    public int fastest(String question, Target target, List<Way> ways) {
        return known.computeIfAbsent(question, _ -> answer(question, target, ways));
    }

    private int answer(String question, Target target, List<Way> ways) {
        String key = String.join(
                "\n",
                "choice " + EDITION,
                "oneDNN " + OneDnn.load().version(),
                OneDnn.instructionSet().text(),
                OneDnn.threads() + " threads",
                question);
        Optional<byte[]> recalled = cache.recall(CacheKind.CHOICES, key);
        if (recalled.isPresent() && recalled.get().length == 1 && recalled.get()[0] < ways.size()) {
            return recalled.get()[0];
        }
        int fastest = measured(target, ways);
        cache.remember(CacheKind.CHOICES, key, new byte[] {(byte) fastest});
        return fastest;
    }

    private static int measured(Target target, List<Way> ways) {
        double[] times = times(target, ways);
        times[0] *= WORTHWHILE;
        int fastest = 0;
        for (int way = 1; way < times.length; way++) {
            if (times[way] < times[fastest]) {
                fastest = way;
            }
        }
        return fastest;
    }

    /** The best of a few runs of each way in nanoseconds, in turn, so that what else the machine does meets all of them. */
    private static double[] times(Target target, List<Way> ways) {
        try (HandleScope scope = new HandleScope()) {
            List<Runnable[]> prepared =
                    ways.stream().map(way -> steps(target, way, scope)).toList();
            long began = System.nanoTime();
            do {
                prepared.forEach(steps -> run(target, steps));
            } while (System.nanoTime() - began < WARM_UP);
            double[] best = new double[ways.size()];
            Arrays.fill(best, Double.POSITIVE_INFINITY);
            for (int trial = 0; trial < TRIALS; trial++) {
                for (int way = 0; way < best.length; way++) {
                    long start = System.nanoTime();
                    run(target, prepared.get(way));
                    best[way] = Math.min(best[way], (double) (System.nanoTime() - start));
                }
            }
            return best;
        }
    }

    private static Runnable[] steps(Target target, Way way, HandleScope scope) {
        Arena arena = scope.own(Arena.ofShared());
        Program program = new Program(target, scope, arena);
        way.lower(program, arena);
        return program.finish();
    }

    private static void run(Target target, Runnable[] steps) {
        for (Runnable step : steps) {
            step.run();
        }
        target.stream().await();
    }
}
