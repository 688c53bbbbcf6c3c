package io.art2mus.kernels;

import io.art2mus.ffi.cuda.CudaFunction;
import java.lang.foreign.Arena;

/** Guidance and a sampler's update of the latents in one pass; {@code sampler_step.cu} says what it computes. */
public final class SamplerStepKernel {
    private static final int THREADS = 256;

    private SamplerStepKernel() {}

    /**
     * What a step reads and writes, as device addresses.
     *
     * @param prediction of the network, {@code [copies, count]} in the storage type; where there are two, the negative one first
     * @param latents {@code [count]} float32, overwritten
     * @param history {@code [slots, count]} float32, slots overwritten as the coefficients say; 0 where there are no slots
     * @param input what the network reads next, {@code [count]} in the storage type, overwritten
     * @param coefficients {@code [steps, 4 + 4 · slots]} float32
     * @param step int32, the row of the coefficients; 1 more afterwards
     * @param ticket int32, 0 between launches
     * @param nonFinite int32, becomes 1 where a latent is not finite
     */
    public record Buffers(
            long prediction,
            long latents,
            long history,
            long input,
            long coefficients,
            long step,
            long ticket,
            long nonFinite) {}

    /**
     * One step.
     *
     * @param guidance how far to go from the negative prediction past the other
     * @param copies of the prediction: 1 without guidance, else 2
     * @param slots how many tensors of earlier steps the sampler remembers
     * @param count elements of the latents
     */
    public static Launch forward(
            Kernels kernels,
            Arena arena,
            Elements elements,
            Buffers buffers,
            float guidance,
            int copies,
            int slots,
            long count) {
        Extents.requireAddress(buffers.prediction, elements, "prediction");
        Extents.requireAddress(buffers.latents, Elements.F32, "latents");
        Extents.requireAddress(buffers.input, elements, "input");
        Extents.requireAddress(buffers.coefficients, Elements.F32, "coefficients");
        Extents.requireAddress(buffers.step, Elements.F32, "step");
        Extents.requireAddress(buffers.ticket, Elements.F32, "ticket");
        Extents.requireAddress(buffers.nonFinite, Elements.F32, "flag");
        Extents.requireAtMost(copies, 2, "copies");
        if (slots < 0 || (slots > 0 && buffers.history == 0)) {
            throw new IllegalArgumentException(slots + " slots of history at " + buffers.history);
        }
        return Launch.of(
                kernels,
                arena,
                "sampler_step",
                elements.suffix(),
                CudaFunction.Shape.linear(Extents.stridingBlocks(kernels, count, THREADS), THREADS),
                buffers.prediction,
                buffers.latents,
                buffers.history,
                buffers.input,
                buffers.coefficients,
                buffers.step,
                buffers.ticket,
                buffers.nonFinite,
                guidance,
                copies,
                slots,
                count);
    }
}
