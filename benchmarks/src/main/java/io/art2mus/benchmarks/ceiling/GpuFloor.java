package io.art2mus.benchmarks.ceiling;

import io.art2mus.backend.Precision;
import io.art2mus.cli.ceiling.Ceilings;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Value;
import io.art2mus.graph.Work;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * The least time that a graph could take on a GPU: that of its arithmetic at the speed of the GPU's own best product, or of moving what
 * it takes and makes (parameters, inputs, outputs) once at the speed of its own best copy, whichever is longer. What fits its second-level cache
 * can be faster than that.
 *
 * @param ceilings as they were measured
 * @param elementBytes bytes an element as it is stored
 * @see <a href="https://doi.org/10.1145/1498765.1498785">Williams, Waterman and Patterson 2009, Roofline</a>
 */
public record GpuFloor(Ceilings ceilings, int elementBytes) implements Floor {
    /** The floor under what is stored in that precision. */
    public static GpuFloor of(Ceilings ceilings, Precision precision) {
        return new GpuFloor(ceilings, precision.bytes());
    }

    @Override
    public double of(Graph graph) {
        long elements = Stream.of(
                        graph.parameters().keySet(),
                        graph.inputs().values(),
                        graph.outputs().values())
                .flatMap(Collection::stream)
                .mapToLong(GpuFloor::elements)
                .sum();
        return Math.max(
                Work.of(graph).operations() / ceilings.productFlops(),
                elements * elementBytes / ceilings.copyBytesPerSecond());
    }

    private static long elements(Value value) {
        return value.shape().elements();
    }

    @Override
    public void close() {
        // It holds figures alone.
    }
}
