package io.art2mus.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.art2mus.Tolerance;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerTest {
    /** DDIM and PNDM step by a whole stride whatever the spacing is; only leading timesteps lie a stride apart. */
    static Stream<Arguments> runsThatEndAtTheOriginal() {
        return Stream.of(SamplerKind.values())
                .flatMap(kind -> Stream.of(TimestepSpacing.values())
                        .filter(spacing -> spacing == TimestepSpacing.LEADING || steppedBySigma(kind))
                        .flatMap(spacing -> IntStream.of(1, 2, 3, 4, 7, 50, 999, 1000)
                                .filter(steps -> kind != SamplerKind.PNDM || steps > 3)
                                .filter(steps -> kind != SamplerKind.DPM_SOLVER_2M || steps < 1000)
                                .mapToObj(steps -> Arguments.of(kind, spacing, steps))));
    }

    /** Whoever is told the true noise at every call walks straight to what the noise was added to. */
    @ParameterizedTest
    @MethodSource("runsThatEndAtTheOriginal")
    void trueNoiseLeadsToTheOriginal(SamplerKind kind, TimestepSpacing spacing, int steps) {
        NoiseSchedule schedule = Schedules.of(PredictionType.EPSILON, spacing);
        Sampler sampler = Sampler.of(kind, schedule, steps);
        try (Arena arena = Arena.ofConfined()) {
            Shape shape = Shape.of(1, 3, 5, 2);
            HostTensor original = normal(arena, shape, 1);
            HostTensor noise = normal(arena, shape, 2);
            HostTensor latents = HostTensor.allocate(arena, shape);
            double start = schedule.sigma(sampler.timestep(0));
            double end = steppedBySigma(kind) ? 0 : schedule.sigma(0);
            mix(original, noise, start, kind, latents);
            SamplerState state = sampler.begin(arena, shape);
            for (int call = 0; call < sampler.calls(); call++) {
                state.step(call, noise, latents);
            }
            HostTensor expected = HostTensor.allocate(arena, shape);
            mix(original, noise, end, kind, expected);
            Tolerance.SAMPLER_END.requireWithin(
                    kind + ", " + spacing + ", " + steps + " steps",
                    Tolerance.relativeError(latents, expected) / Math.hypot(start, 1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DDIM, 0, ddim takes 1 to 1000 steps",
        "EULER, 1001, euler takes 1 to 1000 steps",
        "LMS, -5, lms takes 1 to 1000 steps",
        "PNDM, 3, pndm takes at least 4 steps",
        "DPM_SOLVER_2M, 1000, dpmpp-2m takes at most 999 steps"
    })
    void stepsOutOfRangeAreRefused(SamplerKind kind, int steps, String message) {
        NoiseSchedule schedule = Schedules.of(PredictionType.EPSILON, TimestepSpacing.LEADING);
        assertThatThrownBy(() -> Sampler.of(kind, schedule, steps))
                .isInstanceOf(StepCountException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("not " + steps);
    }

    @Test
    void sigmaSamplersStartAtTheirFirstSigma() {
        NoiseSchedule leading = Schedules.of(PredictionType.EPSILON, TimestepSpacing.LEADING);
        NoiseSchedule even = Schedules.of(PredictionType.EPSILON, TimestepSpacing.LINSPACE);
        double sigma = leading.sigma(901);
        assertThat(Sampler.of(SamplerKind.EULER, leading, 10).initialNoiseSigma())
                .isEqualTo(Math.hypot(sigma, 1));
        assertThat(Sampler.of(SamplerKind.LMS, even, 10).initialNoiseSigma()).isEqualTo(even.sigma(999));
        assertThat(Sampler.of(SamplerKind.DDIM, leading, 10).initialNoiseSigma())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(SamplerKind.class)
    void namesAreFoundAgain(SamplerKind kind) {
        assertThat(SamplerKind.named(kind.toString())).isEqualTo(kind);
    }

    @Test
    void unknownNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> SamplerKind.named("heun"))
                .hasMessage("no sampler is called heun; there are ddim, dpmpp-2m, pndm, euler, lms");
    }

    @Test
    void latentsOfAnotherShapeAreRefused() {
        Sampler sampler =
                Sampler.of(SamplerKind.DDIM, Schedules.of(PredictionType.EPSILON, TimestepSpacing.LEADING), 5);
        try (Arena arena = Arena.ofConfined()) {
            SamplerState state = sampler.begin(arena, Shape.of(1, 2, 2, 3));
            HostTensor other = HostTensor.allocate(arena, Shape.of(1, 2, 3, 2));
            assertThatThrownBy(() -> state.step(0, other, other)).hasMessageContaining("[1, 2, 3, 2]");
        }
    }

    @ParameterizedTest
    @EnumSource(SamplerKind.class)
    void stepsAllocateNothing(SamplerKind kind) {
        Sampler sampler = Sampler.of(kind, Schedules.of(PredictionType.V_PREDICTION, TimestepSpacing.LEADING), 20);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofConfined()) {
            HostTensor latents = normal(arena, Shape.of(1, 128, 8, 16), 1);
            HostTensor output = normal(arena, latents.shape(), 2);
            SamplerState state = sampler.begin(arena, latents.shape());
            runAll(200, sampler, state, output, latents);
            long before = threads.getCurrentThreadAllocatedBytes();
            runAll(100, sampler, state, output, latents);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            int calls = 100 * sampler.calls();
            System.out.printf("%s: %d bytes allocated in %d calls%n", kind, allocated, calls);
            assertThat(allocated).as("less than one byte a call").isLessThan(calls);
        }
    }

    private static void runAll(int runs, Sampler sampler, SamplerState state, HostTensor output, HostTensor latents) {
        for (int run = 0; run < runs; run++) {
            for (int call = 0; call < sampler.calls(); call++) {
                state.step(call, output, latents);
            }
        }
    }

    private static boolean steppedBySigma(SamplerKind kind) {
        return kind != SamplerKind.DDIM && kind != SamplerKind.PNDM;
    }

    private static HostTensor normal(Arena arena, Shape shape, long seed) {
        HostTensor values = HostTensor.allocate(arena, shape);
        TorchRandom.seeded(seed).normal(values);
        return values;
    }

    /** Adds noise as the sampler understands it: Euler and LMS leave the signal at its own scale. */
    private static void mix(HostTensor original, HostTensor noise, double sigma, SamplerKind kind, HostTensor result) {
        boolean unscaled = kind == SamplerKind.EULER || kind == SamplerKind.LMS;
        double scale = unscaled ? 1 : 1 / Math.hypot(sigma, 1);
        for (long i = 0; i < result.shape().elements(); i++) {
            result.set(i, (float) (scale * (original.get(i) + sigma * noise.get(i))));
        }
    }
}
