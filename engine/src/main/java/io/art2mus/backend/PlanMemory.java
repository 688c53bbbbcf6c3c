package io.art2mus.backend;

/**
 * Bytes that a plan holds on its device, and nobody else.
 *
 * @param weights parameters in layouts or types other than they are stored in; what stays mapped is not counted
 * @param activations the arena that intermediate tensors share
 * @param buffers inputs that were not bound, and outputs
 * @param scratchpad what primitives work in
 */
public record PlanMemory(long weights, long activations, long buffers, long scratchpad) {
    /** What two plans hold together. */
    public PlanMemory plus(PlanMemory other) {
        return new PlanMemory(
                weights + other.weights,
                activations + other.activations,
                buffers + other.buffers,
                scratchpad + other.scratchpad);
    }

    /** All of it. */
    public long bytes() {
        return weights + activations + buffers + scratchpad;
    }
}
