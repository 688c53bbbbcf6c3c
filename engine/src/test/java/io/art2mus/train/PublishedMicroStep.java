package io.art2mus.train;

import io.art2mus.checkpoint.Preset;
import io.art2mus.graph.DType;
import io.art2mus.graph.Graph;
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

/** The micro-step of the published training, to be laid out and not computed: 4 items of 10.24 s with guidance in the loss, 11 tokens of text. */
public final class PublishedMicroStep {
    private static final long LARGEST_PARAMETER = 1L << 23;

    private PublishedMicroStep() {}

    /** Its parameters all lie over the same bytes, which are gone when this returns. */
    public static Graph graph(boolean recompute) {
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
            return MicroStep.graph(networks, sizes, new MicroStep.Options(OptionalDouble.of(3.5), recompute, false));
        }
    }

    private static ModelConfig config(Preset preset, String file) {
        return ModelConfig.parse(Path.of(file), preset.files().getOrDefault(file, ""));
    }
}
