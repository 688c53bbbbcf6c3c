package io.art2mus.ffi.onednn;

/** What a primitive does to its result before it writes it. */
public sealed interface PostOp {
    /** Applies a function to each element. */
    record Eltwise(EltwiseAlgorithm algorithm, float alpha, float beta) implements PostOp {}

    /**
     * Combines the result, as the first operand, with memory of the shape of the destination or broadcast to it. The
     * operand is passed to the execution as {@link Argument#postOpOperand}.
     */
    record Binary(BinaryAlgorithm algorithm, MemoryDescriptor operand) implements PostOp {}
}
