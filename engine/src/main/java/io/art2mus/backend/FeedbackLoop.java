package io.art2mus.backend;

import io.art2mus.graph.HostTensor;

/** A plan that feeds on itself on its device: see {@link Feedback}. The plan must stay open, and not be run by anybody else meanwhile. */
public interface FeedbackLoop extends AutoCloseable {
    /** Starts with a state; the next run is number 0. */
    void begin(HostTensor state);

    /** The next run and its change of the state. Need not have happened when this returns, but at most two are under way. */
    void run();

    /**
     * Overwrites {@code state} with what it is after all runs so far; waits for them.
     *
     * @return whether it held neither infinities nor NaN after every run
     */
    boolean end(HostTensor state);

    @Override
    void close();
}
