package io.art2mus.model;

import io.art2mus.Golden;
import io.art2mus.backend.Backend;
import io.art2mus.graph.HostTensor;
import io.art2mus.nn.SinusoidalEmbedding;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Latents that are asked about with two conditionings at once. */
class GuidedCallTest {
    private static final Path CHECKPOINT = Golden.resource("tiny-audioldm2");

    private final TUNetConfig config =
            TUNetConfig.read(ModelConfig.read(CHECKPOINT.resolve("unet").resolve("config.json")));

    @ParameterizedTest
    @EnumSource(names = {"REFERENCE", "CPU_F32", "CPU_BF16"})
    void aGuidedCallEqualsACallForEachConditioning(Device device) {
        try (Arena arena = Arena.ofConfined();
                WeightFile weights = WeightFile.openPart(CHECKPOINT.resolve("unet"));
                Backend backend = device.open()) {
            GoldenFile golden = GoldenFile.small("unet", arena);
            HostTensor latents = golden.channelsLast(golden.row("sample", 0));
            Conditions negative = Conditions.row(golden, 0);
            Conditions wish = Conditions.row(golden, 1);
            device.requireWithin(
                    "guided call",
                    prediction(arena, backend, weights, latents, negative.with(wish, arena)),
                    HostTensor.stacked(
                            arena,
                            prediction(arena, backend, weights, latents, negative),
                            prediction(arena, backend, weights, latents, wish)));
        }
    }

    /** One or two rows of what the network attends over. */
    private record Conditions(HostTensor loa, HostTensor t5, HostTensor bias) {
        static Conditions row(GoldenFile golden, int row) {
            return new Conditions(
                    golden.row("encoder_hidden_states", row),
                    golden.row("encoder_hidden_states_1", row),
                    golden.bias("encoder_attention_mask_1", row, 0));
        }

        Conditions with(Conditions next, Arena arena) {
            return new Conditions(
                    HostTensor.stacked(arena, loa, next.loa),
                    HostTensor.stacked(arena, t5, next.t5),
                    HostTensor.stacked(arena, bias, next.bias));
        }
    }

    private HostTensor prediction(
            Arena arena, Backend backend, WeightFile weights, HostTensor latents, Conditions conditions) {
        TUNet.Graphs graphs = TUNet.graphs(
                config,
                weights.tree(),
                latents.shape(),
                new TUNet.Conditions(conditions.loa().shape(), conditions.t5().shape(), 1));
        HostTensor sinusoid = SinusoidalEmbedding.of(
                arena, new double[] {501}, config.levels().getFirst().channels());
        Map<String, HostTensor> inputs = new HashMap<>(Run.of(
                arena,
                backend,
                graphs.once(),
                Map.of("loa", conditions.loa(), "t5", conditions.t5(), "sinusoid", sinusoid)));
        inputs.put("latents", latents);
        inputs.put("t5_bias", conditions.bias());
        return Run.of(arena, backend, graphs.every(), inputs, Map.of("step", 0))
                .values()
                .iterator()
                .next();
    }
}
