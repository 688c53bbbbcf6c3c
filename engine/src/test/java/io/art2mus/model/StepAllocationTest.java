package io.art2mus.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.art2mus.Golden;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.graph.Shape;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A compiled step leaves nothing for the garbage collector. */
class StepAllocationTest {
    private static final int WARM_UP = 3_000;
    private static final int RUNS = 200;

    /** What the measurement itself may leave behind. */
    private static final long MOST_BYTES_A_RUN = 64;

    @Test
    void aStepOfTheTUnetAllocatesNothing() {
        Path checkpoint = Golden.resource("tiny-audioldm2");
        TUNetConfig config = TUNetConfig.read(ModelConfig.read(checkpoint.resolve("unet/config.json")));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (WeightFile weights = WeightFile.openPart(checkpoint.resolve("unet"));
                Backend backend = CpuBackend.open(1, Precision.F32)) {
            TUNet.Graphs graphs = TUNet.graphs(
                    config,
                    weights.tree(),
                    Shape.of(1, 8, 8, 8),
                    new TUNet.Conditions(Shape.of(1, 8, 48), Shape.of(1, 2, 64), 1));
            try (Plan step = backend.compile(graphs.every())) {
                for (int i = 0; i < WARM_UP; i++) {
                    step.run();
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < RUNS; i++) {
                    step.run();
                }
                long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / RUNS;
                System.out.printf(
                        "t-unet step, cpu f32: %d bytes allocated a run (limit %d)%n", bytes, MOST_BYTES_A_RUN);
                assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES_A_RUN);
            }
        }
    }
}
