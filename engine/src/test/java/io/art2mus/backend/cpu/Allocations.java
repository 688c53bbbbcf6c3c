package io.art2mus.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.art2mus.backend.Plan;
import java.lang.management.ManagementFactory;

/** What runs of a plan leave to the garbage collector. */
final class Allocations {
    private static final int WARM_UP = 20_000;

    /** Compiling goes on beside the runs: short ones would be over before it. */
    private static final long WARM_UP_NANOSECONDS = 2_000_000_000L;

    private static final int RUNS = 200;

    /** What else allocates in the thread, such as the counter itself. */
    private static final long LIMIT_BYTES = 64L * RUNS;

    private Allocations() {}

    /** Fails where a run, once compiled, allocates in the calling thread. */
    static void requireNone(String what, Plan plan) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long began = System.nanoTime();
        for (int i = 0; i < WARM_UP || System.nanoTime() - began < WARM_UP_NANOSECONDS; i++) {
            plan.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RUNS; i++) {
            plan.run();
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        System.out.printf("%s: %d bytes allocated in %d runs (limit %d)%n", what, bytes, RUNS, LIMIT_BYTES);
        assertThat(bytes).isLessThanOrEqualTo(LIMIT_BYTES);
    }
}
