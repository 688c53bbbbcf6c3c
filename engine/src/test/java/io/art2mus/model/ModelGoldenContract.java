package io.art2mus.model;

import io.art2mus.Golden;
import io.art2mus.backend.Backend;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.nn.SinusoidalEmbedding;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each model against diffusers and transformers on the small random checkpoint. A test extends this and names its devices in a static
 * method {@code devices}.
 */
abstract class ModelGoldenContract {
    private static final Path CHECKPOINT = Golden.resource("tiny-audioldm2");

    private static final Pattern STAGE = Pattern.compile("^unet\\.(conv_in|mid_block|(?:down|up)_blocks\\.[0-9]+)");

    @ParameterizedTest
    @MethodSource("devices")
    void tUnetEqualsDiffusersAtEveryStage(Device device) {
        tUnetEqualsDiffusers(device, "unet", new double[] {981, 17}, true);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void tUnetEqualsDiffusersOnOddHeight(Device device) {
        tUnetEqualsDiffusers(device, "unet_odd", new double[] {981}, false);
    }

    private static void tUnetEqualsDiffusers(Device device, String name, double[] timesteps, boolean stages) {
        TUNetConfig config = TUNetConfig.read(config("unet"));
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = weights("unet");
                Backend backend = device.open()) {
            GoldenFile golden = GoldenFile.small(name, arena);
            HostTensor samples = golden.channelsLast(golden.tensor("sample"));
            TUNet.Graphs graphs = TUNet.graphs(
                    config,
                    weights.tree(),
                    samples.shape().with(0, 1),
                    new TUNet.Conditions(Shape.of(1, 8, 48), Shape.of(1, 7, 64), timesteps.length));
            Graph every = stages ? withStages(graphs.every()) : graphs.every();
            HostTensor sinusoid = SinusoidalEmbedding.of(arena, timesteps, 8);
            for (int row = 0; row < timesteps.length; row++) {
                Map<String, HostTensor> once = Map.of(
                        "loa", golden.row("encoder_hidden_states", row),
                        "t5", golden.row("encoder_hidden_states_1", row),
                        "sinusoid", sinusoid);
                Map<String, HostTensor> inputs = new HashMap<>(Run.of(arena, backend, graphs.once(), once));
                inputs.put("latents", golden.channelsLast(golden.row("sample", row)));
                inputs.put("t5_bias", golden.bias("encoder_attention_mask_1", row, 0));
                Map<String, HostTensor> outputs = Run.of(arena, backend, every, inputs, Map.of("step", row));
                for (Map.Entry<String, HostTensor> output : outputs.entrySet()) {
                    String stage = output.getKey().equals("prediction") ? "output" : output.getKey();
                    device.requireWithin(
                            name + " " + stage + " row " + row,
                            output.getValue(),
                            golden.channelsLast(golden.row(stage, row)));
                }
            }
        }
    }

    /** The graph with what each block hands on as further outputs. */
    private static Graph withStages(Graph graph) {
        Map<String, Value> outputs = new LinkedHashMap<>(graph.outputs());
        for (Graph.Node node : graph.nodes()) {
            Matcher place = STAGE.matcher(node.path());
            if (place.find()) {
                outputs.put("stage." + place.group(1), node.result());
            }
        }
        return new Graph(graph.inputs(), graph.parameters(), graph.nodes(), outputs);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void encoderEqualsDiffusers(Device device) {
        AutoencoderKlConfig config = AutoencoderKlConfig.read(config("vae"));
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = weights("vae");
                Backend backend = device.open()) {
            GoldenFile golden = GoldenFile.small("vae", arena);
            HostTensor mel = golden.channelsLast(golden.tensor("mel"));
            Graph graph = AutoencoderKl.encoder(config, weights.tree(), mel.shape());
            HostTensor moments = Run.single(arena, backend, graph, Map.of("mel", mel));
            DiagonalGaussian latents = DiagonalGaussian.of(arena, moments);
            device.requireWithin("vae encoder mean", latents.mean(), golden.channelsLast(golden.tensor("mean")));
            device.requireWithin(
                    "vae encoder log-variance", latents.logVariance(), golden.channelsLast(golden.tensor("logvar")));
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void decoderEqualsDiffusers(Device device) {
        AutoencoderKlConfig config = AutoencoderKlConfig.read(config("vae"));
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = weights("vae");
                Backend backend = device.open()) {
            GoldenFile golden = GoldenFile.small("vae", arena);
            HostTensor latents = golden.channelsLast(golden.tensor("latents"));
            for (long i = 0; i < latents.shape().elements(); i++) {
                // The reference decodes what was divided already.
                latents.set(i, latents.get(i) * (float) config.scalingFactor());
            }
            Graph graph = AutoencoderKl.decoder(config, weights.tree(), latents.shape());
            HostTensor mel = Run.single(arena, backend, graph, Map.of("latents", latents));
            device.requireWithin("vae decoder", mel, golden.channelsLast(golden.tensor("decoded")));
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void vocoderEqualsTransformers(Device device) {
        HifiGanConfig config = HifiGanConfig.read(config("vocoder"));
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = weights("vocoder");
                Backend backend = device.open()) {
            GoldenFile golden = GoldenFile.small("vocoder", arena);
            HostTensor mel = golden.tensor("mel");
            Graph graph = HifiGan.graph(config, weights.tree(), mel.shape());
            HostTensor waveform = Run.single(arena, backend, graph, Map.of("mel", mel));
            device.requireWithin("vocoder", waveform, golden.tensor("waveform"));
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void gpt2EqualsTransformersBehindPadding(Device device) {
        Gpt2Config config = Gpt2Config.read(config("language_model"));
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = weights("language_model");
                Backend backend = device.open()) {
            GoldenFile golden = GoldenFile.small("language_model", arena);
            GraphBuilder builder = GraphBuilder.create("language_model", weights.tree());
            Value prompt =
                    builder.input("prompt", golden.row("inputs_embeds", 0).shape());
            Value bias =
                    builder.input("bias", golden.bias("attention_mask", 0, 7).shape());
            builder.output("tokens", Gpt2.translate(config, builder, prompt, bias));
            Graph graph = builder.build();
            for (int row = 0; row < 3; row++) {
                Map<String, HostTensor> inputs = Map.of(
                        "prompt", golden.row("inputs_embeds", row), "bias", golden.bias("attention_mask", row, 7));
                HostTensor tokens = Run.single(arena, backend, graph, inputs);
                device.requireWithin("gpt-2 row " + row, tokens, golden.row("generated", row));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void imageProjectionEqualsPyTorch(Device device) {
        for (int tokens : new int[] {1, 4}) {
            String name = tokens == 1 ? "art2mus" : "art2mus_4";
            try (Arena arena = Arena.ofConfined();
                    WeightFile weights =
                            WeightFile.open(CHECKPOINT.resolve("image_projection/" + name + ".safetensors"));
                    Backend backend = device.open()) {
                GoldenFile golden = GoldenFile.small("image_projection", arena);
                HostTensor embedding = golden.tensor("embedding");
                long hidden = weights.tree().shapeOf("projection1.weight").extent(0);
                GraphBuilder builder = GraphBuilder.create("image_projection", weights.tree());
                Value input = builder.input("embedding", embedding.shape());
                builder.output("tokens", new ImageProjection(hidden, tokens).of(builder, input, 48));
                HostTensor projected = Run.single(arena, backend, builder.build(), Map.of("embedding", embedding));
                device.requireWithin(name, projected, golden.tensor(name).reshaped(projected.shape()));
            }
        }
    }

    private static ModelConfig config(String part) {
        return ModelConfig.read(CHECKPOINT.resolve(part).resolve("config.json"));
    }

    private static WeightFile weights(String part) {
        return WeightFile.openPart(CHECKPOINT.resolve(part));
    }
}
