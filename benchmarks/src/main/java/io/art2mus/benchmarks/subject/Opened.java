package io.art2mus.benchmarks.subject;

import io.art2mus.graph.Graph;
import org.jspecify.annotations.Nullable;

/** Something that is ready to be measured. Belongs to the thread that opened it. */
public interface Opened extends AutoCloseable {
    /** Does once what is measured. */
    void call();

    /** What a call computes; null where that is no graph of this program. */
    default @Nullable Graph graph() {
        return null;
    }

    @Override
    void close();
}
