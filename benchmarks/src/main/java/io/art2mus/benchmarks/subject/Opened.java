package io.art2mus.benchmarks.subject;

import io.art2mus.graph.Graph;
import org.jspecify.annotations.Nullable;

/** Something that is ready to be measured. Belongs to the thread that opened it. */
public interface Opened extends AutoCloseable {
    /** Does once what is measured. */
    void call();

    /** Settles {@link #runs}, after a first call of one run. */
    default void settle() {}

    /** How often a call does it: more than once where waiting for a device takes as long as the work itself. */
    default int runs() {
        return 1;
    }

    /** What it computes; null where that is no graph of this program. */
    default @Nullable Graph graph() {
        return null;
    }

    @Override
    void close();
}
