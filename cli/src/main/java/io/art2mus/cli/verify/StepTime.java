package io.art2mus.cli.verify;

import io.art2mus.backend.PlanMemory;
import io.art2mus.cli.ceiling.Ceilings;
import io.art2mus.cli.ceiling.Stopwatch;
import java.util.Locale;

/**
 * How long a guided call of the T-UNet takes, for a sound as long as the model was trained on.
 *
 * @param kernels that a call launches
 * @param eager seconds where each is launched by itself
 * @param graph seconds of the same work as one CUDA graph
 * @param operations floating-point operations of its products and convolutions
 * @param bytes that its operations would read and write, each by itself; fused ones move less
 * @param memory that the plan holds
 */
record StepTime(
        String precision,
        int kernels,
        Stopwatch.Time eager,
        Stopwatch.Time graph,
        long operations,
        long bytes,
        PlanMemory memory) {

    /** Its lines of the table, against what the GPU was seen to do. */
    String against(Ceilings ceilings) {
        double flops = operations / graph.median();
        double bytesPerSecond = bytes / graph.median();
        return String.format(
                Locale.ROOT,
                "T-UNet step, %s: %.3f ms as a CUDA graph (fastest %.3f), %.3f ms launched one by one, %d kernels%n"
                        + "  %.3g TFLOP/s, %.0f%% of the product's; %.3g GB/s unfused, %.0f%% of the copy's; %.2f GB held",
                precision,
                graph.median() * 1e3,
                graph.fastest() * 1e3,
                eager.median() * 1e3,
                kernels,
                flops / 1e12,
                100 * flops / ceilings.productFlops(),
                bytesPerSecond / 1e9,
                100 * bytesPerSecond / ceilings.copyBytesPerSecond(),
                memory.bytes() / 1e9);
    }
}
