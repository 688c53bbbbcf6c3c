package io.art2mus.backend.reference;

import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.graph.Graph;
import java.util.Map;

/**
 * Evaluates graphs node by node in float64. Unlike the other backends it keeps tensors on the Java heap and allocates while
 * it runs; there is nothing native to release.
 */
public final class ReferenceBackend implements Backend {
    @Override
    public String name() {
        return "reference f64";
    }

    /** Reads the parameters once; everything else is done when the plan runs. */
    @Override
    public Plan compile(Graph graph, Map<String, DeviceBuffer> bound) {
        return new ReferencePlan(graph, bound);
    }

    @Override
    public void close() {
        // The garbage collector owns every byte.
    }
}
