package io.art2mus.data;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fills slots on a thread of its own before they are asked for, so that whoever computes does not wait for disks and decoders. Slots come
 * in the order they were filled. What is asked for next gives the one before back, to be filled again: with two slots one is
 * filled while the other is used.
 *
 * <p>To be used and closed by one thread. The slots' memory must be shared by threads.
 *
 * @param <S> what is filled
 */
public final class BackgroundLoader<S> implements AutoCloseable {
    private final Object lock = new Object();
    private final Queue<S> free;
    private final Queue<S> filled = new ArrayDeque<>();
    private final Loading<S> loading;
    private final Thread thread;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;
    private @Nullable S lent;

    private BackgroundLoader(String name, List<S> slots, Loading<S> loading) {
        this.free = new ArrayDeque<>(slots);
        this.loading = loading;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::fillSlots);
    }

    /** What the thread does. */
    @FunctionalInterface
    public interface Loading<S> {
        /** Overwrites a slot with what comes next; false where nothing comes any more. */
        boolean load(S slot);
    }

    /**
     * Begins to fill slots.
     *
     * @param name of the thread
     * @param slots at least two, that are the caller's again when this is closed
     */
    public static <S> BackgroundLoader<S> start(String name, List<S> slots, Loading<S> loading) {
        if (slots.size() < 2) {
            throw new IllegalArgumentException(slots.size() + " slots leave none to fill while one is used");
        }
        BackgroundLoader<S> loader = new BackgroundLoader<>(name, slots, loading);
        loader.thread.start();
        return loader;
    }

    /**
     * The next slot, until the next call; null where nothing comes any more. What the thread failed with is thrown here, after all that it
     * filled before.
     *
     * @throws CancellationException where the calling thread is interrupted
     */
    public @Nullable S next() {
        synchronized (lock) {
            S used = lent;
            if (used != null) {
                lent = null;
                free.add(used);
                lock.notifyAll();
            }
            await(() -> !filled.isEmpty() || ended);
            lent = filled.poll();
            if (lent == null) {
                rethrow();
            }
            return lent;
        }
    }

    /** To be called with the lock held. */
    private void await(BooleanSupplier condition) {
        try {
            while (!condition.getAsBoolean()) {
                lock.wait();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while waiting for data");
            cancelled.initCause(interrupted);
            throw cancelled;
        }
    }

    private void rethrow() {
        switch (failure) {
            case null -> {}
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new AssertionError("loading throws nothing checked", failure);
        }
    }

    private void fillSlots() {
        try {
            for (S slot = nextFree(); slot != null && loading.load(slot); slot = nextFree()) {
                synchronized (lock) {
                    filled.add(slot);
                    lock.notifyAll();
                }
            }
        } catch (Throwable thrown) {
            synchronized (lock) {
                failure = thrown;
            }
        }
        synchronized (lock) {
            ended = true;
            lock.notifyAll();
        }
    }

    /** A slot to fill; null where this is closed. */
    private @Nullable S nextFree() {
        synchronized (lock) {
            await(() -> !free.isEmpty() || closed);
            return closed ? null : free.poll();
        }
    }

    /** Ends the thread, after what it is at. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                // The slots are not the caller's before the thread has ended.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
