package io.art2mus.train;

import io.art2mus.graph.Gradients;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Recomputation;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.model.Gpt2;
import io.art2mus.model.Gpt2Config;
import io.art2mus.model.ImageProjection;
import io.art2mus.model.TUNet;
import io.art2mus.model.TUNetConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is computed for one micro-batch, as one graph: pictures' embeddings through the image projection, GPT-2 and the T-UNet to the
 * loss of each item, and back to the projection's parameters. Everything else is frozen. With guidance in the loss, the negative
 * prompt's prediction is a call of its own, since nothing comes back through it.
 *
 * <p>Inputs, N items each:
 * <ul>
 *   <li>{@code embedding [N, E]}
 *   <li>{@code latents [N, H, W, C]}, noised; {@code target [N, H, W, C]}, the noise or the velocity, float32
 *   <li>{@code sinusoid [N, channels]}, each item's timestep as {@link io.art2mus.nn.SinusoidalEmbedding} gives it
 *   <li>{@code loss_weights [N]}, float32: what each item's loss counts for
 *   <li>{@code t5 [1, L, width]} and {@code t5_bias [1, 1, L]}, the artwork sentence's; with guidance {@code negative_loa [1, 8, width]},
 *       {@code negative_t5} and {@code negative_t5_bias} too
 *   <li>each of {@link #PARAMETERS} under its name, float32
 * </ul>
 *
 * <p>Outputs: {@code loss [N]}, float32, the mean squared error of each item before its weight; {@code gradient.} and the name of each
 * parameter, float32, the gradient of {@code Σ loss_weights · loss}; if asked {@code prediction [N, H, W, C]}, float32 and guided.
 */
public final class MicroStep {
    /** What is learned, by the name of its input. */
    public static final List<String> PARAMETERS = List.of(
            "image_projection.projection1.weight",
            "image_projection.projection1.bias",
            "image_projection.projection2.weight",
            "image_projection.projection2.bias");

    private static final Pattern BLOCK = Pattern.compile("unet\\..*?\\.(?:resnets|attentions)\\.[0-9]+");

    private final Networks networks;
    private final Sizes sizes;
    private final GraphBuilder builder;

    /** What the gradient passes through. */
    public record Networks(
            TUNetConfig unet, ParameterSource unetWeights, Gpt2Config gpt2, ParameterSource gpt2Weights) {}

    /**
     * What a graph is fixed to.
     *
     * @param batch items
     * @param embedding width of a picture's embedding
     * @param latents of one item, {@code [1, H, W, C]}
     * @param t5 FLAN-T5's states of one text, {@code [1, L, width]}; the negative prompt's are as many
     */
    public record Sizes(int batch, long embedding, ImageProjection projection, Shape latents, Shape t5) {}

    /**
     * What else is asked.
     *
     * @param guidance of the prediction that the loss sees; empty for the wish's own
     * @param recompute whether what ResNet and transformer blocks make is computed again on the way back, rather than kept
     * @param prediction whether the prediction is an output
     */
    public record Options(OptionalDouble guidance, boolean recompute, boolean prediction) {}

    private MicroStep(Networks networks, Sizes sizes) {
        this.networks = networks;
        this.sizes = sizes;
        builder = GraphBuilder.create("unet", networks.unetWeights());
    }

    /** Describes one micro-batch. */
    public static Graph graph(Networks networks, Sizes sizes, Options options) {
        return new MicroStep(networks, sizes).graph(options);
    }

    /** Name of the output that is the gradient of a parameter. */
    public static String gradientOf(String parameter) {
        return "gradient." + parameter;
    }

    private Graph graph(Options options) {
        Shape batch = sizes.latents().with(0, sizes.batch());
        Value latents = builder.input("latents", batch);
        Value sinusoid = builder.input(
                "sinusoid",
                Shape.of(sizes.batch(), networks.unet().levels().getFirst().channels()));
        Value prediction = options.guidance().isPresent()
                ? guided(latents, sinusoid, (float) options.guidance().getAsDouble())
                : predicted(latents, sinusoid, languageOfAudio(), "");
        Value target = builder.float32Input("target", batch);
        Value loss = builder.training(() -> new TrainingOp.MeanSquaredError(prediction, target));
        Value weights = builder.float32Input("loss_weights", loss.shape());
        builder.output("loss", loss);
        if (options.prediction()) {
            builder.output("prediction", prediction);
        }
        Graph forward = builder.build();
        List<Value> parameters =
                PARAMETERS.stream().map(name -> named(forward.inputs(), name)).toList();
        List<Value> gradients = Gradients.of(builder, loss, weights, parameters);
        for (int i = 0; i < gradients.size(); i++) {
            builder.output(gradientOf(PARAMETERS.get(i)), gradients.get(i));
        }
        Graph whole = builder.build();
        return options.recompute() ? Recomputation.of(whole, forward.nodes().size(), MicroStep::block) : whole;
    }

    private static Value named(Map<String, Value> inputs, String name) {
        Value value = inputs.get(name);
        if (value == null) {
            throw new IllegalStateException("the image projection has no " + name);
        }
        return value;
    }

    /** The ResNet or transformer block that a path stands in. */
    private static Optional<String> block(String path) {
        Matcher matcher = BLOCK.matcher(path);
        return matcher.lookingAt() ? Optional.of(matcher.group()) : Optional.empty();
    }

    private Value languageOfAudio() {
        Value embedding = builder.input("embedding", Shape.of(sizes.batch(), sizes.embedding()));
        Value tokens = sizes.projection()
                .of(
                        builder.trainedPart("image_projection"),
                        embedding,
                        networks.gpt2().width());
        return Gpt2.translate(networks.gpt2(), builder.part("language_model", networks.gpt2Weights()), tokens, null);
    }

    /** {@code negative + guidance · (wish − negative)}. */
    private Value guided(Value latents, Value sinusoid, float guidance) {
        Shape loa = Shape.of(1, networks.gpt2().newTokens(), networks.gpt2().width());
        Value negative = predicted(latents, sinusoid, repeated(builder.input("negative_loa", loa)), "negative_");
        Value wish = predicted(latents, sinusoid, languageOfAudio(), "");
        return builder.add(builder.scale(wish, guidance), builder.scale(negative, 1 - guidance));
    }

    /** In float32, for errors are differences of what is nearly equal. */
    private Value predicted(Value latents, Value sinusoid, Value loa, String side) {
        Value t5 = builder.input(side + "t5", sizes.t5());
        Value bias = builder.input(side + "t5_bias", Shape.of(1, 1, sizes.t5().extent(1)));
        Value prediction =
                TUNet.predict(networks.unet(), builder, new TUNet.Call(latents, sinusoid, loa, repeated(t5), bias));
        return builder.training(() -> new TrainingOp.Convert(prediction, Value.Kind.FLOAT32));
    }

    /** One row for every item. */
    private Value repeated(Value row) {
        return sizes.batch() == 1 ? row : builder.concat(0, Collections.nCopies(sizes.batch(), row));
    }
}
