package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.Graph;
import io.art2mus.graph.MemoryPlan;
import org.junit.jupiter.api.Test;

/** Bytes of activations at the published size, laid out but not computed. */
class MicroStepMemoryTest {
    private static final long GIB = 1L << 30;

    /** Batch 4 with guidance in the loss, bfloat16, 10.24 s, the artwork sentence's 11 tokens. */
    @Test
    void recomputationHalvesWhatIsKept() {
        long kept = arena(false);
        long recomputed = arena(true);
        System.out.printf(
                "activations of a micro-batch of 4: %.2f GiB (limit 6), computed again: %.2f GiB (limit 3)%n",
                (double) kept / GIB, (double) recomputed / GIB);
        assertThat(kept).isLessThan(6 * GIB);
        assertThat(recomputed).isLessThan(3 * GIB).isLessThanOrEqualTo(kept / 2);
    }

    private static long arena(boolean recompute) {
        Graph graph = PublishedMicroStep.graph(recompute);
        return MemoryPlan.of(graph, graph.nodes(), Short.BYTES).bytes();
    }
}
