package io.art2mus.backend;

import io.art2mus.graph.MemoryPlan;

/** A compiled graph. Owns its weights, its arena, its inputs that were not bound, and its outputs. */
public interface Plan extends AutoCloseable {
    /** The buffer to fill before {@link #run()}; an {@link IllegalArgumentException} where the graph has no such input. */
    DeviceBuffer input(String name);

    /** The buffer to read after {@link #run()}; an {@link IllegalArgumentException} where there is no such output. */
    DeviceBuffer output(String name);

    /** Computes the outputs from the inputs. Allocates nothing. */
    void run();

    /** How the intermediate tensors share the arena. */
    MemoryPlan layout();

    /** Bytes that the plan holds. */
    PlanMemory memory();

    @Override
    void close();
}
