package io.art2mus.cli.train;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a training save before SIGINT or SIGTERM ends the process: the shutdown that the signal begins waits until this is closed. The exit
 * status is then the signal's, 130 or 143.
 */
final class StopRequest implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().unstarted(this::waitForClosing);
    private volatile boolean made;

    private StopRequest() {}

    /** Listens from now on. */
    static StopRequest listen() {
        StopRequest request = new StopRequest();
        Runtime.getRuntime().addShutdownHook(request.hook);
        return request;
    }

    /** Whether the process was told to end. */
    boolean isMade() {
        return made;
    }

    private void waitForClosing() {
        made = true;
        try {
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process is ending, and the hook is about to let it.
        }
    }
}
