package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Golden;
import io.art2mus.Tolerance;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every step of every sampler against diffusers, with a function of known formula in the network's place. */
class SamplerGoldenTest {
    static Stream<Arguments> runs() {
        return Stream.of(SamplerKind.values())
                .flatMap(kind -> Stream.of(PredictionType.values())
                        .flatMap(prediction -> Stream.of(10, 25).map(steps -> Arguments.of(kind, prediction, steps))));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void samplerEqualsDiffusersOnEveryStep(SamplerKind kind, PredictionType prediction, int steps) {
        String file = "scheduler_" + (prediction == PredictionType.V_PREDICTION ? "v_" : "")
                + kind.toString().replace('-', '_') + "_" + steps;
        Sampler sampler = Sampler.of(kind, Schedules.of(prediction, TimestepSpacing.LEADING), steps);
        try (Arena arena = Arena.ofConfined()) {
            String golden = "tiny-audioldm2/golden/" + file + ".safetensors";
            assertThat(timesteps(sampler)).isEqualTo(Golden.doubles(golden, "timesteps"));

            HostTensor trajectory = Golden.tensor(arena, golden, "latents");
            HostTensor inputs = Golden.tensor(arena, golden, "model_inputs");
            HostTensor latents = HostTensor.allocate(arena, Shape.of(1, 8, 8, 4));
            HostTensor input = HostTensor.allocate(arena, latents.shape());
            HostTensor output = HostTensor.allocate(arena, latents.shape());
            latents.data().copyFrom(row(trajectory, 0).data());
            SamplerState state = sampler.begin(arena, latents.shape());
            double worst = 0;
            for (int call = 0; call < sampler.calls(); call++) {
                Latents.scale(latents, sampler.inputScale(call), input);
                worst = Math.max(worst, Tolerance.relativeError(input, row(inputs, call)));
                stand(call, input, output);
                state.step(call, output, latents);
                worst = Math.max(worst, Tolerance.relativeError(latents, row(trajectory, call + 1)));
            }
            Tolerance.PART_F32.requireWithin(file + ", worst step", worst);
        }
    }

    /** What the goldens were made with: {@code 0.9·tanh(0.7·x) + 0.05·(call mod 3 − 1)}. */
    private static void stand(int call, HostTensor input, HostTensor output) {
        for (long i = 0; i < input.shape().elements(); i++) {
            output.set(i, (float) (0.9 * Math.tanh(0.7 * input.get(i)) + 0.05 * (call % 3 - 1)));
        }
    }

    private static double[] timesteps(Sampler sampler) {
        double[] timesteps = new double[sampler.calls()];
        for (int call = 0; call < timesteps.length; call++) {
            timesteps[call] = sampler.timestep(call);
        }
        return timesteps;
    }

    /** One of the tensors {@code [1, 8, 8, 4]} that are stacked. */
    private static HostTensor row(HostTensor stacked, long index) {
        Shape shape = Shape.of(1, 8, 8, 4);
        long bytes = shape.elements() * Float.BYTES;
        return new HostTensor(shape, stacked.data().asSlice(index * bytes, bytes));
    }
}
