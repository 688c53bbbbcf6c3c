package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.openmp.GOMP_parallel$fn;
import io.art2mus.ffi.generated.openmp.omp_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Java on the threads that oneDNN's primitives run on, for host code between primitives: threads of our own would want the same
 * processors while libgomp's still spin there for the next primitive. Running allocates nothing.
 */
public final class ThreadTeam implements AutoCloseable {
    private static final int NO_FLAGS = 0;

    private final int count;
    private final Arena arena;
    private final MemorySegment entry;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable Work work;

    /** Something that several threads do a part of each. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does one part.
         *
         * @param part from 0 up
         * @param parts how many there are
         */
        void run(int part, int parts);
    }

    private ThreadTeam(int count, Arena arena) {
        this.count = count;
        this.arena = arena;
        // So short that it is compiled into its caller, which then need not make an object of the address.
        entry = GOMP_parallel$fn.allocate(ignored -> takeParts(), arena);
    }

    /** A team of the calling thread and {@code count} − 1 others, as many as {@link OneDnn#setThreads} gave to primitives. */
    public static ThreadTeam of(int count) {
        OneDnn.load();
        return new ThreadTeam(count, Arena.ofShared());
    }

    /** How many parts work is in. */
    public int count() {
        return count;
    }

    /**
     * Does all parts, some of them in the calling thread; one caller at a time.
     *
     * @throws IllegalStateException where a part threw something, its cause
     */
    public void run(Work parts) {
        work = parts;
        next.set(0);
        omp_h.GOMP_parallel(entry, MemorySegment.NULL, count, NO_FLAGS);
        work = null;
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("a part of host code failed: " + thrown.getMessage(), thrown);
        }
    }

    /** What each thread does: libgomp may give fewer than were asked for, so that parts are taken and not assigned. */
    private void takeParts() {
        Work mine = work;
        if (mine == null) {
            return;
        }
        // What leaves an upcall ends the virtual machine.
        try {
            for (int part = next.getAndIncrement(); part < count; part = next.getAndIncrement()) {
                mine.run(part, count);
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
