package io.art2mus.train;

import io.art2mus.diffusion.TorchRandom;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.model.Gpt2Config;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.Variant;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import io.art2mus.weights.WeightsException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Where the image projection's weights begin: fresh, or read from a file. */
public final class InitialProjection {
    /** What stands before the layer's names in {@link MicroStep#PARAMETERS}. */
    static final String PART = "image_projection.";

    /** Of PyTorch's default for a Linear. */
    private static final double SLOPE = Math.sqrt(5);

    private InitialProjection() {}

    /**
     * How wide the layer is.
     *
     * @param embedding values of a picture's embedding
     * @param hidden between the two Linears, where a file does not say otherwise
     * @param outputs tokens of a picture times GPT-2's width
     */
    public record Widths(long embedding, long hidden, long outputs) {
        /** As the published layers are: twice GPT-2's width between the two. */
        public static Widths of(Checkpoint checkpoint, Variant variant, long embedding) {
            long width = Gpt2Config.read(checkpoint.config("language_model")).width();
            return new Widths(embedding, 2 * width, variant.tokens() * width);
        }

        private SequencedMap<String, Shape> shapes() {
            SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
            shapes.put(PART + "projection1.weight", Shape.of(hidden, embedding));
            shapes.put(PART + "projection1.bias", Shape.of(hidden));
            shapes.put(PART + "projection2.weight", Shape.of(outputs, hidden));
            shapes.put(PART + "projection2.bias", Shape.of(outputs));
            return shapes;
        }
    }

    /** Two Linears as PyTorch makes them after {@code torch.manual_seed(seed)}: each weight and bias uniform within ±1/√in. */
    public static TrainingState fresh(Widths widths, long seed) {
        TrainingState state = new TrainingState(widths.shapes());
        TorchRandom random = TorchRandom.seeded(seed);
        for (String linear : new String[] {"projection1", "projection2"}) {
            HostTensor weight = tensor(state, linear + ".weight");
            double root = Math.sqrt((double) weight.shape().last());
            float bound = (float) (Math.sqrt(3) * (Math.sqrt(2 / (1 + SLOPE * SLOPE)) / root));
            random.uniform(weight, -bound, bound);
            random.uniform(tensor(state, linear + ".bias"), (float) (-1 / root), (float) (1 / root));
        }
        return state;
    }

    private static HostTensor tensor(TrainingState state, String name) {
        HostTensor found = state.weights().byName().get(PART + name);
        if (found == null) {
            throw new IllegalStateException("the layer has no " + name);
        }
        return found;
    }

    /**
     * The layer of a {@code .pt} or {@code .safetensors}; a {@link WeightsException} where it is none, or of other widths. The width
     * between the two Linears is the file's.
     */
    public static TrainingState read(Path file, Widths widths) {
        try (WeightFile weights = WeightFile.open(file);
                Arena scratch = Arena.ofConfined()) {
            WeightTree tree = weights.tree();
            long hidden = tree.shapeOf("projection1.weight", 2).extent(0);
            TrainingState state = new TrainingState(new Widths(widths.embedding(), hidden, widths.outputs()).shapes());
            try {
                state.weights()
                        .byName()
                        .forEach((name, tensor) -> tensor.data()
                                .copyFrom(tree.parameter(name.substring(PART.length()), tensor.shape())
                                        .floats(scratch)
                                        .data()));
                return state;
            } catch (RuntimeException refused) {
                state.close();
                throw refused;
            }
        }
    }
}
