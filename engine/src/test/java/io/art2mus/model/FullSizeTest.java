package io.art2mus.model;

import io.art2mus.Golden;
import io.art2mus.backend.Backend;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.nn.SinusoidalEmbedding;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The T-UNet of the published size against PyTorch, both rows of a guided call at once. What PyTorch makes of a checkpoint is written by
 * {@code benchmarks/peers/expect.py}; docs/fidelity.md has the commands.
 */
@EnabledIfSystemProperty(
        named = "full.expected",
        matches = ".+",
        disabledReason =
                "needs a checkpoint of the published size (-Dfull.checkpoint) and PyTorch's call (-Dfull.expected)")
class FullSizeTest {
    private static final Path UNET =
            Path.of(System.getProperty("full.checkpoint", "")).resolve("unet");

    @TempDir
    private Path folder;

    @Test
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

    /** By the ways that are measured to be the fastest here, as a user has them. */
    private HostTensor prediction(Precision precision, GoldenFile call) {
        Arena arena = call.arena();
        try (WeightFile weights = WeightFile.openPart(UNET);
                Backend backend = CpuBackend.open(2, precision, UserCache.at(folder.resolve("cache")))) {
            TUNetConfig config = TUNetConfig.read(ModelConfig.read(UNET.resolve("config.json")));
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
