package io.art2mus.backend.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Threads for host code between primitives, which would otherwise leave all processors but one without work. Running allocates nothing. */
final class HostThreads implements AutoCloseable {
    /** Looks at whether the others are done before sleeping: some microseconds, for parts are equal. */
    private static final int LOOKS = 1_000;

    private final Thread[] helpers;
    private final AtomicInteger round = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable Work work;
    private volatile @Nullable Thread caller;
    private volatile boolean closed;

    /** Something that several threads do a part of each. */
    @FunctionalInterface
    interface Work {
        /**
         * Does one part.
         *
         * @param part from 0 up
         * @param parts how many there are
         */
        void run(int part, int parts);
    }

    /** Starts all threads but the caller's, to be one of {@code count}. */
    HostThreads(int count) {
        helpers = new Thread[count - 1];
        for (int i = 0; i < helpers.length; i++) {
            int part = i + 1;
            helpers[i] =
                    Thread.ofPlatform().daemon().name("art2mus-host-" + part).start(() -> serve(part));
        }
    }

    /** How many parts work is in. */
    int count() {
        return helpers.length + 1;
    }

    /** Does all parts, one of them in the calling thread; one caller at a time. */
    void run(Work parts) {
        caller = Thread.currentThread();
        work = parts;
        unfinished.set(helpers.length);
        round.incrementAndGet();
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        @Nullable Throwable thrown;
        try {
            parts.run(0, count());
        } finally {
            for (int look = 0; unfinished.get() > 0; look++) {
                if (look < LOOKS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            work = null;
            thrown = failure.getAndSet(null);
        }
        if (thrown != null) {
            throw new IllegalStateException("a part of host code failed: " + thrown.getMessage(), thrown);
        }
    }

    private void serve(int part) {
        int done = 0;
        while (true) {
            // Not by looking again and again: oneDNN's threads want all processors meanwhile.
            while (round.get() == done && !closed) {
                LockSupport.park(this);
            }
            if (closed) {
                return;
            }
            done++;
            Work mine = work;
            try {
                if (mine != null) {
                    mine.run(part, count());
                }
            } catch (RuntimeException | Error thrown) {
                failure.compareAndSet(null, thrown);
            } finally {
                if (unfinished.decrementAndGet() == 0) {
                    LockSupport.unpark(caller);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
