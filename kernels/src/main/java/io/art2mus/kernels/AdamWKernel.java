package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Updates of AdamW, in float32; {@code adamw.cu}. */
public final class AdamWKernel {
    /** How many numbers {@link #update} reads that change from update to update. */
    public static final int NUMBERS = 5;

    private static final int THREADS = 256;

    private AdamWKernel() {}

    /**
     * What is the same in every update.
     *
     * @param firstShare of a gradient in the first moment, {@code 1 − β₁}
     * @param secondKept of the second moment, {@code β₂}
     * @param secondShare of a squared gradient in the second moment, {@code 1 − β₂}
     * @param epsilon added to the deviation
     */
    public record Betas(float firstShare, float secondKept, float secondShare, float epsilon) {}

    /**
     * Changes weights and moments in place, each {@code [count]}.
     *
     * @param first first moments
     * @param second second moments
     * @param numbers address of {@link #NUMBERS} float32: {@code 1 − rate · decay}; {@code rate / (1 − β₁^t)}; {@code sqrt(1 − β₂^t)}; the factor
     *     that undoes the loss scale; the norm that gradients are clipped to, or infinity
     * @param sumOfSquares address of that of the gradients as they are, a float32: where it is not finite, nothing changes; 0 neither clips nor
     *     asks
     */
    public static Launch update(
            Kernels kernels,
            Arena arena,
            Betas betas,
            long count,
            long weights,
            long gradients,
            long first,
            long second,
            long numbers,
            long sumOfSquares) {
        for (long address : new long[] {weights, gradients, first, second, numbers}) {
            Extents.requireAddress(address, Elements.F32, "an operand");
        }
        return Launch.of(
                kernels,
                arena,
                "adamw",
                "update",
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, count, THREADS), THREADS),
                weights,
                gradients,
                first,
                second,
                count,
                numbers,
                sumOfSquares,
                betas.firstShare,
                betas.secondKept,
                betas.secondShare,
                betas.epsilon);
    }
}
