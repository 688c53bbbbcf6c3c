package io.art2mus.model;

import static io.art2mus.model.Comparison.PART;
import static io.art2mus.model.Comparison.requireClose;

import io.art2mus.Golden;
import io.art2mus.backend.Backend;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.backend.cpu.CpuBackend.Precision;
import io.art2mus.backend.reference.ReferenceBackend;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.nn.SinusoidalEmbedding;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.SafetensorsFile;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each model against diffusers and transformers on the small random checkpoint. */
class ModelGoldenTest {
    private static final Path CHECKPOINT = Golden.resource("tiny-audioldm2");

    private static final Pattern STAGE = Pattern.compile("^unet\\.(conv_in|mid_block|(?:down|up)_blocks\\.[0-9]+)");

    enum Device {
        REFERENCE,
        CPU_F32;

        Backend open() {
            return this == REFERENCE ? new ReferenceBackend() : CpuBackend.open(2, Precision.F32);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tUnetEqualsDiffusersAtEveryStage(Device device) {
        tUnetEqualsDiffusers(device, "unet", 32, new double[] {981, 17}, true);
    }

    @ParameterizedTest
    @EnumSource
    void tUnetEqualsDiffusersOnOddHeight(Device device) {
        tUnetEqualsDiffusers(device, "unet_odd", 41, new double[] {981}, false);
    }

    private static void tUnetEqualsDiffusers(
            Device device, String golden, int height, double[] timesteps, boolean stages) {
        TUNetConfig config = TUNetConfig.read(ModelConfig.read(CHECKPOINT.resolve("unet/config.json")));
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = WeightFile.openPart(CHECKPOINT.resolve("unet"));
                Backend backend = device.open()) {
            TUNet.Graphs graphs = TUNet.graphs(
                    config,
                    weights.tree(),
                    Shape.of(1, height, 16, 8),
                    new TUNet.Conditions(Shape.of(1, 8, 48), Shape.of(1, 7, 64), timesteps.length));
            Graph every = stages ? withStages(graphs.every()) : graphs.every();
            HostTensor sinusoid = SinusoidalEmbedding.of(arena, timesteps, 8);
            for (int row = 0; row < timesteps.length; row++) {
                Map<String, float[]> once = new HashMap<>();
                once.put("loa", row(golden, "encoder_hidden_states", row, 8 * 48));
                once.put("t5", row(golden, "encoder_hidden_states_1", row, 7 * 64));
                once.put("sinusoid", sinusoid.data().toArray(ValueLayout.JAVA_FLOAT));
                Map<String, float[]> inputs = new HashMap<>(Run.of(backend, graphs.once(), once));
                float[] sample = row(golden, "sample", row, 8 * height * 16);
                inputs.put("latents", Run.channelsLast(sample, 1, 8, height, 16));
                inputs.put("t5_bias", bias(golden, "encoder_attention_mask_1", row, 7, 0));
                Map<String, float[]> outputs = Run.of(backend, every, inputs, Map.of("step", row));
                for (Map.Entry<String, Value> output : every.outputs().entrySet()) {
                    String name = output.getKey().equals("prediction") ? "output" : output.getKey();
                    Shape shape = output.getValue().shape();
                    int c = (int) shape.extent(3);
                    int h = (int) shape.extent(1);
                    int w = (int) shape.extent(2);
                    float[] expected = Run.channelsLast(row(golden, name, row, c * h * w), 1, c, h, w);
                    String what = golden + " " + name + " row " + row + ", " + backend.name();
                    requireClose(what, outputs.get(output.getKey()), expected, PART);
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
    @EnumSource
    void decoderEqualsDiffusers(Device device) {
        AutoencoderKlConfig config = AutoencoderKlConfig.read(ModelConfig.read(CHECKPOINT.resolve("vae/config.json")));
        try (WeightFile weights = WeightFile.openPart(CHECKPOINT.resolve("vae"));
                Backend backend = device.open()) {
            Graph graph = AutoencoderKl.decoder(config, weights.tree(), Shape.of(1, 32, 16, 8));
            float[] latents = floats("vae", "latents");
            for (int i = 0; i < latents.length; i++) {
                // The reference decodes what was divided already.
                latents[i] *= (float) config.scalingFactor();
            }
            Map<String, float[]> outputs =
                    Run.of(backend, graph, Map.of("latents", Run.channelsLast(latents, 1, 8, 32, 16)));
            requireClose("vae decoder, " + backend.name(), outputs.get("mel"), floats("vae", "decoded"), PART);
        }
    }

    @ParameterizedTest
    @EnumSource
    void vocoderEqualsTransformers(Device device) {
        HifiGanConfig config = HifiGanConfig.read(ModelConfig.read(CHECKPOINT.resolve("vocoder/config.json")));
        try (WeightFile weights = WeightFile.openPart(CHECKPOINT.resolve("vocoder"));
                Backend backend = device.open()) {
            Graph graph = HifiGan.graph(config, weights.tree(), Shape.of(2, 37, 64));
            Map<String, float[]> outputs = Run.of(backend, graph, Map.of("mel", floats("vocoder", "mel")));
            float[] expected = floats("vocoder", "waveform");
            requireClose("vocoder, " + backend.name(), outputs.get("waveform"), expected, PART);
        }
    }

    @ParameterizedTest
    @EnumSource
    void gpt2EqualsTransformersBehindPadding(Device device) {
        Gpt2Config config = Gpt2Config.read(ModelConfig.read(CHECKPOINT.resolve("language_model/config.json")));
        try (WeightFile weights = WeightFile.openPart(CHECKPOINT.resolve("language_model"));
                Backend backend = device.open()) {
            GraphBuilder builder = GraphBuilder.create("language_model", weights.tree());
            Value prompt = builder.input("prompt", Shape.of(1, 48, 48));
            Value bias = builder.input("bias", Shape.of(1, 1, 48 + 7));
            builder.output("tokens", Gpt2.translate(config, builder, prompt, bias));
            Graph graph = builder.build();
            for (int row = 0; row < 3; row++) {
                Map<String, float[]> outputs = Run.of(
                        backend,
                        graph,
                        Map.of(
                                "prompt", row("language_model", "inputs_embeds", row, 48 * 48),
                                "bias", bias("language_model", "attention_mask", row, 48, 7)));
                float[] expected = row("language_model", "generated", row, 8 * 48);
                requireClose("gpt-2 row " + row + ", " + backend.name(), outputs.get("tokens"), expected, PART);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void imageProjectionEqualsPyTorch(Device device) {
        for (int tokens : new int[] {1, 4}) {
            String name = tokens == 1 ? "art2mus" : "art2mus_4";
            try (WeightFile weights = WeightFile.open(CHECKPOINT.resolve("image_projection/" + name + ".safetensors"));
                    Backend backend = device.open()) {
                long hidden = weights.tree().shapeOf("projection1.weight").extent(0);
                GraphBuilder builder = GraphBuilder.create("image_projection", weights.tree());
                Value embedding = builder.input("embedding", Shape.of(2, 64));
                builder.output("tokens", new ImageProjection(hidden, tokens).of(builder, embedding, 48));
                Map<String, float[]> outputs =
                        Run.of(backend, builder.build(), Map.of("embedding", floats("image_projection", "embedding")));
                float[] expected = floats("image_projection", name);
                requireClose(name + ", " + backend.name(), outputs.get("tokens"), expected, PART);
            }
        }
    }

    private static float[] floats(String golden, String tensor) {
        return Golden.floats("tiny-audioldm2/golden/" + golden + ".safetensors", tensor);
    }

    private static float[] row(String golden, String tensor, int row, int length) {
        return Arrays.copyOfRange(floats(golden, tensor), row * length, (row + 1) * length);
    }

    /** (1 − mask) · −10000, and nothing hidden in {@code more} positions that follow. */
    private static float[] bias(String golden, String tensor, int row, int length, int more) {
        float[] bias = new float[length + more];
        try (SafetensorsFile file = SafetensorsFile.open(CHECKPOINT.resolve("golden/" + golden + ".safetensors"))) {
            for (int i = 0; i < length; i++) {
                long mask = file.parameter(tensor).data().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, row * length + i);
                bias[i] = (1 - mask) * -10000f;
            }
        }
        return bias;
    }
}
