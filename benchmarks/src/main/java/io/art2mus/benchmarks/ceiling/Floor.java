package io.art2mus.benchmarks.ceiling;

import io.art2mus.graph.Graph;

/** The least time that a graph takes on what computes it. Belongs to the thread that opened it. */
public interface Floor extends AutoCloseable {
    /** Seconds. */
    double of(Graph graph);

    @Override
    void close();
}
