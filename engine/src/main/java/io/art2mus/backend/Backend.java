package io.art2mus.backend;

import io.art2mus.graph.Graph;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Arithmetic of one kind on one device. Belongs, with all its plans and buffers, to the thread that opened it. */
public interface Backend extends AutoCloseable {
    /** What users and tables call it: device, precision and, where it matters, instruction set. */
    String name();

    /**
     * Does everything that can be done before the first run: memory, weights in the layout the device likes, choice of
     * algorithms, launch order.
     *
     * @param graph what to compute
     * @param bound inputs of the graph that lie on this device already, such as another plan's outputs; they stay their
     *     owner's and must outlive the plan
     */
    Plan compile(Graph graph, Map<String, DeviceBuffer> bound);

    /**
     * The same for parameters whose origin is known, so that what a backend makes of them may be kept for the next process.
     *
     * @param identity what tells the graph's parameters from all others, such as the digests of their files; empty where nobody knows
     */
    default Plan compile(Graph graph, Map<String, DeviceBuffer> bound, Optional<String> identity) {
        return compile(graph, bound);
    }

    /** {@link #compile(Graph, Map)} where every input is uploaded. */
    default Plan compile(Graph graph) {
        return compile(graph, Map.of());
    }

    /**
     * A plan of this backend that feeds on itself without the host; empty where the host does that as well.
     *
     * @param plan stays its owner's
     */
    default Optional<FeedbackLoop> loop(Plan plan, Feedback feedback) {
        return Optional.empty();
    }

    /**
     * What learns a plan of this backend without the host; empty where the host does that as well.
     *
     * @param plan stays its owner's
     */
    default Optional<Optimizer> optimizer(Plan plan, Trainable trainable) {
        return Optional.empty();
    }

    /** Whether gradients as small as those of a loss vanish in the numbers that tensors are stored in, unless the loss is multiplied. */
    default boolean needsLossScale() {
        return false;
    }

    /** The GPU that this computes on, by its number in the driver's order; empty where it is none. */
    default OptionalInt gpu() {
        return OptionalInt.empty();
    }

    /** Releases the device. Plans must be closed before. */
    @Override
    void close();
}
