package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.checkpoint.Preset;
import io.art2mus.graph.DType;
import io.art2mus.graph.Graph;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.TUNetConfig;
import io.art2mus.weights.ModelConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Bytes of activations at the published size, laid out but not computed. */
class MicroStepMemoryTest {
    private static final long LARGEST_PARAMETER = 1L << 23;
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
        Preset preset = Preset.named("audioldm2-music");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(LARGEST_PARAMETER * Short.BYTES);
            ParameterSource shapes = (path, shape) -> Parameter.contiguous(path, DType.BF16, shape, bytes);
            MicroStep.Networks networks = new MicroStep.Networks(
                    TUNetConfig.read(config(preset, "unet/config.json")),
                    shapes,
                    Gpt2Config.read(config(preset, "language_model/config.json")),
                    shapes);
            MicroStep.Sizes sizes = new MicroStep.Sizes(
                    4, 1024, new ImageProjection(1536, 1), Shape.of(1, 256, 16, 8), Shape.of(1, 11, 1024));
            Graph graph =
                    MicroStep.graph(networks, sizes, new MicroStep.Options(OptionalDouble.of(3.5), recompute, false));
            return MemoryPlan.of(graph, graph.nodes(), Short.BYTES).bytes();
        }
    }

    private static ModelConfig config(Preset preset, String file) {
        return ModelConfig.parse(Path.of(file), preset.files().getOrDefault(file, ""));
    }
}
