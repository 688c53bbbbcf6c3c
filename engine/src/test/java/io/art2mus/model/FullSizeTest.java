package io.art2mus.model;

import io.art2mus.Golden;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.diffusion.Latents;
import io.art2mus.diffusion.TorchRandom;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.Graph;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.nn.SinusoidalEmbedding;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.OldAttentionNames;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightNormFolding;
import io.art2mus.weights.WeightTree;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks of the published size: the T-UNet against PyTorch, both rows of a guided call at once, and all of them in bfloat16 against
 * themselves in float32. What PyTorch makes of a checkpoint is written by {@code benchmarks/peers/expect.py}; docs/fidelity.md has the
 * commands.
 */
@EnabledIfSystemProperty(
        named = "full.checkpoint",
        matches = ".+",
        disabledReason = "needs a checkpoint of the published size (-Dfull.checkpoint)")
class FullSizeTest {
    private static final Path CHECKPOINT = Path.of(System.getProperty("full.checkpoint", ""));

    private static final Path UNET = CHECKPOINT.resolve("unet");

    /** 10.24 s of sound, as pictures of eight channels and, 64 mel bands wide, of one. */
    private static final Shape LATENTS = Shape.of(1, 256, 16, 8);

    private static final Shape MEL = Shape.of(1, 1024, 64, 1);

    @TempDir
    private Path folder;

    @Test
    void theDecoderInBfloat16EqualsItselfInFloat32() {
        requireBfloat16EqualsFloat32("autoencoder's decoder", "vae", LATENTS, (weights, arena) -> {
            AutoencoderKlConfig config = AutoencoderKlConfig.read(config("vae"));
            return AutoencoderKl.decoder(config, new OldAttentionNames(weights), LATENTS);
        });
    }

    @Test
    void theVocoderInBfloat16EqualsItselfInFloat32() {
        requireBfloat16EqualsFloat32("vocoder", "vocoder", MEL, (weights, arena) -> {
            HifiGanConfig config = HifiGanConfig.read(config("vocoder"));
            return HifiGan.graph(config, new WeightNormFolding(weights, arena), Shape.of(1, 1024, 64));
        });
    }

    private void requireBfloat16EqualsFloat32(
            String name, String part, Shape input, BiFunction<WeightTree, Arena, Graph> network) {
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = WeightFile.openPart(CHECKPOINT.resolve(part))) {
            Graph graph = network.apply(weights.tree(), arena);
            Map.Entry<String, Value> read = graph.inputs().entrySet().iterator().next();
            HostTensor noise = Latents.noise(arena, TorchRandom.seeded(0), input, 1);
            Map<String, HostTensor> inputs =
                    Map.of(read.getKey(), noise.reshaped(read.getValue().shape()));
            HostTensor single = made(Precision.F32, graph, inputs, arena);
            HostTensor half = made(Precision.BF16, graph, inputs, arena);
            Device.CPU_BF16.requireWithin(name + " of the published size against its float32", half, single);
        }
    }

    private HostTensor made(Precision precision, Graph graph, Map<String, HostTensor> inputs, Arena arena) {
        try (Backend backend = opened(precision)) {
            return Run.single(arena, backend, graph, inputs);
        }
    }

    /** By the ways that are measured to be the fastest here, as a user has them. */
    private Backend opened(Precision precision) {
        return CpuBackend.open(2, precision, UserCache.at(folder.resolve("cache")));
    }

    private static ModelConfig config(String part) {
        return ModelConfig.read(CHECKPOINT.resolve(part).resolve("config.json"));
    }

    @Test
    @EnabledIfSystemProperty(
            named = "full.expected",
            matches = ".+",
            disabledReason = "needs PyTorch's call (-Dfull.expected)")
    void tUnetEqualsDiffusersInFloat32AndItselfInBfloat16() {
        try (Arena arena = Arena.ofConfined()) {
            GoldenFile expected = new GoldenFile(System.getProperty("full.expected", ""), arena);
            HostTensor single = prediction(Precision.F32, expected);
            Device.CPU_F32.requireWithin(
                    "T-UNet of the published size", single, expected.channelsLast(expected.tensor("output")));
            HostTensor half = prediction(Precision.BF16, expected);
            Device.CPU_BF16.requireWithin("T-UNet of the published size against its float32", half, single);
        }
    }

    private HostTensor prediction(Precision precision, GoldenFile call) {
        Arena arena = call.arena();
        try (WeightFile weights = WeightFile.openPart(UNET);
                Backend backend = opened(precision)) {
            TUNetConfig config = TUNetConfig.read(config("unet"));
            HostTensor samples = call.channelsLast(call.tensor("sample"));
            HostTensor loa = call.tensor("encoder_hidden_states");
            HostTensor t5 = call.tensor("encoder_hidden_states_1");
            double[] timesteps = Golden.doubles(call.path(), "timestep");
            TUNet.Graphs graphs = TUNet.graphs(
                    config, weights.tree(), samples.shape(), new TUNet.Conditions(loa.shape(), t5.shape(), 1));
            HostTensor sinusoid = SinusoidalEmbedding.of(
                    arena, timesteps, config.levels().getFirst().channels());
            Map<String, HostTensor> inputs = new HashMap<>(
                    Run.of(arena, backend, graphs.once(), Map.of("loa", loa, "t5", t5, "sinusoid", sinusoid)));
            inputs.put("latents", samples);
            inputs.put("t5_bias", bothRows(call, t5.shape()));
            return Run.of(arena, backend, graphs.every(), inputs, Map.of("step", 0))
                    .values()
                    .iterator()
                    .next();
        }
    }

    private static HostTensor bothRows(GoldenFile call, Shape states) {
        HostTensor bias = HostTensor.allocate(call.arena(), Shape.of(states.extent(0), 1, states.extent(1)));
        for (int row = 0; row < states.extent(0); row++) {
            HostTensor one = call.bias("encoder_attention_mask_1", row, 0);
            bias.data().asSlice(row * one.data().byteSize()).copyFrom(one.data());
        }
        return bias;
    }
}
