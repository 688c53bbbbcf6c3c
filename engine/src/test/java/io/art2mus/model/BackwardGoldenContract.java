package io.art2mus.model;

import io.art2mus.Golden;
import io.art2mus.backend.Backend;
import io.art2mus.graph.Gradients;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Value;
import io.art2mus.nn.SinusoidalEmbedding;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The way back through the frozen networks against PyTorch's, on the small random checkpoint. A test extends this and names its devices in a
 * static method {@code devices}.
 */
abstract class BackwardGoldenContract {
    private static final Path CHECKPOINT = Golden.resource("tiny-audioldm2");
    private static final double TIMESTEP = 400;

    @ParameterizedTest
    @MethodSource("devices")
    void tUnetPassesBackWhatPyTorchDoes(Device device) {
        TUNetConfig config = TUNetConfig.read(config("unet"));
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = WeightFile.openPart(CHECKPOINT.resolve("unet"));
                Backend backend = device.open()) {
            GoldenFile golden = GoldenFile.small("unet_backward", arena);
            HostTensor sample = golden.channelsLast(golden.tensor("sample"));
            HostTensor loa = golden.tensor("encoder_hidden_states");
            HostTensor t5 = golden.tensor("encoder_hidden_states_1");
            HostTensor gradient = golden.channelsLast(golden.tensor("grad_output"));
            HostTensor sinusoid = SinusoidalEmbedding.of(
                    arena, new double[] {TIMESTEP}, config.levels().getFirst().channels());
            HostTensor bias = HostTensor.allocate(
                    arena, t5.shape().with(1, 1).withLast(t5.shape().extent(1)));
            GraphBuilder unet = GraphBuilder.create("unet", weights.tree());
            TUNet.Call call = new TUNet.Call(
                    unet.input("sample", sample.shape()),
                    unet.input("sinusoid", sinusoid.shape()),
                    unet.input("loa", loa.shape()),
                    unet.input("t5", t5.shape()),
                    unet.input("t5_bias", bias.shape()));
            Value prediction = TUNet.predict(config, unet, call);
            Value seed = unet.input("gradient", gradient.shape());
            List<Value> gradients =
                    Gradients.of(unet, prediction, seed, List.of(call.latents(), call.loa(), call.t5()));
            unet.output("output", prediction);
            unet.output("to latents", gradients.get(0));
            unet.output("to the language of audio", gradients.get(1));
            unet.output("to FLAN-T5's states", gradients.get(2));
            Map<String, HostTensor> made = Run.of(
                    arena,
                    backend,
                    unet.build(),
                    Map.of(
                            "sample",
                            sample,
                            "sinusoid",
                            sinusoid,
                            "loa",
                            loa,
                            "t5",
                            t5,
                            "t5_bias",
                            bias,
                            "gradient",
                            gradient));
            Map<String, HostTensor> expected = Map.of(
                    "output", golden.channelsLast(golden.tensor("output")),
                    "to latents", golden.channelsLast(golden.tensor("grad_sample")),
                    "to the language of audio", golden.tensor("grad_encoder_hidden_states"),
                    "to FLAN-T5's states", golden.tensor("grad_encoder_hidden_states_1"));
            made.forEach((name, values) ->
                    device.requireGradientWithin("t-unet backward, " + name, values, Golden.named(expected, name)));
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void gpt2PassesBackWhatPyTorchDoes(Device device) {
        Gpt2Config config = Gpt2Config.read(config("language_model"));
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = WeightFile.openPart(CHECKPOINT.resolve("language_model"));
                Backend backend = device.open()) {
            GoldenFile golden = GoldenFile.small("language_model_backward", arena);
            HostTensor embeddings = golden.tensor("inputs_embeds");
            HostTensor gradient = golden.tensor("grad_generated");
            GraphBuilder gpt2 = GraphBuilder.create("language_model", weights.tree());
            Value prompts = gpt2.input("prompts", embeddings.shape());
            Value tokens = Gpt2.translate(config, gpt2, prompts, null);
            Value seed = gpt2.input("gradient", gradient.shape());
            List<Value> gradients = Gradients.of(gpt2, tokens, seed, List.of(prompts));
            gpt2.output("tokens", tokens);
            gpt2.output("to the prompts", gradients.getFirst());
            Map<String, HostTensor> made =
                    Run.of(arena, backend, gpt2.build(), Map.of("prompts", embeddings, "gradient", gradient));
            device.requireGradientWithin("gpt-2 of two rows", Golden.named(made, "tokens"), golden.tensor("generated"));
            device.requireGradientWithin(
                    "gpt-2 backward", Golden.named(made, "to the prompts"), golden.tensor("grad_inputs_embeds"));
        }
    }

    private static ModelConfig config(String part) {
        return ModelConfig.read(CHECKPOINT.resolve(part).resolve("config.json"));
    }
}
