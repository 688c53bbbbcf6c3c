package io.art2mus.backend.cuda;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaEvent;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.DeviceMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which of several algorithms is the fastest on this GPU. Each question is measured once and its answer kept in the user's cache, so
 * that every later plan and process chooses the same: algorithms differ in the last bits of their results.
 */
final class MeasuredChoices implements Choices {
    /** To be raised when the candidates or their order change. */
    private static final int EDITION = 1;

    private static final int TRIALS = 3;

    /** Runs between two events: one alone may be shorter than what an event can tell apart. */
    private static final int RUNS = 5;

    private final Cuda cuda;
    private final CudaStream stream;
    private final UserCache cache;
    private final String machine;
    private final Map<String, Integer> known = new HashMap<>();

    /**
     * Keeps answers in {@code cache}.
     *
     * @param machine device, driver and the libraries' versions
     */
    MeasuredChoices(Cuda cuda, CudaStream stream, UserCache cache, String machine) {
        this.cuda = cuda;
        this.stream = stream;
        this.cache = cache;
        this.machine = machine;
    }

    @Override
    public int fastest(String question, Candidates candidates) {
        return candidates.count() == 1 ? 0 : known.computeIfAbsent(question, _ -> answer(question, candidates));
    }

    private int answer(String question, Candidates candidates) {
        String key = String.join("\n", "cuda choice " + EDITION, machine, question);
        Optional<byte[]> recalled = cache.recall(CacheKind.CHOICES, key);
        if (recalled.isPresent() && recalled.get().length == 1 && recalled.get()[0] < candidates.count()) {
            return recalled.get()[0];
        }
        int fastest = measured(candidates);
        cache.remember(CacheKind.CHOICES, key, new byte[] {(byte) fastest});
        return fastest;
    }

    private int measured(Candidates candidates) {
        int fastest = 0;
        float least = Float.POSITIVE_INFINITY;
        for (int candidate = 0; candidate < candidates.count(); candidate++) {
            float milliseconds = time(candidates, candidate);
            if (milliseconds < least) {
                least = milliseconds;
                fastest = candidate;
            }
        }
        return fastest;
    }

    /** The best of a few trials after one run that does not count, in milliseconds. */
    private float time(Candidates candidates, int candidate) {
        try (HandleScope scope = new HandleScope()) {
            CudaEvent start = scope.own(CudaEvent.open(cuda));
            CudaEvent end = scope.own(CudaEvent.open(cuda));
            long bytes = Math.max(1, candidates.workspaceBytes(candidate));
            long workspace = scope.own(DeviceMemory.allocate(cuda, bytes)).devicePointer();
            candidates.enqueue(stream, candidate, workspace);
            float least = Float.POSITIVE_INFINITY;
            for (int trial = 0; trial < TRIALS; trial++) {
                start.record(stream);
                for (int run = 0; run < RUNS; run++) {
                    candidates.enqueue(stream, candidate, workspace);
                }
                end.record(stream);
                end.synchronize();
                least = Math.min(least, end.millisecondsSince(start));
            }
            return least;
        }
    }
}
