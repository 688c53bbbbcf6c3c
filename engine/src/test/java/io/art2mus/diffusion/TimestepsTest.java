package io.art2mus.diffusion;

import static io.art2mus.diffusion.TimestepSpacing.LEADING;
import static io.art2mus.diffusion.TimestepSpacing.LINSPACE;
import static io.art2mus.diffusion.TimestepSpacing.TRAILING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Timesteps of diffusers' schedulers for 1000 training steps and {@code steps_offset} 1. */
class TimestepsTest {
    @Test
    void leadingTimestepsAreMultiplesPlusTheOffset() {
        assertThat(timesteps(SamplerKind.DDIM, LEADING, 7)).containsExactly(853, 711, 569, 427, 285, 143, 1);
        assertThat(timesteps(SamplerKind.EULER, LEADING, 7)).containsExactly(853, 711, 569, 427, 285, 143, 1);
        assertThat(timesteps(SamplerKind.DPM_SOLVER_2M, LEADING, 7)).containsExactly(876, 751, 626, 501, 376, 251, 126);
    }

    @Test
    void evenlySpacedTimestepsAreRoundedHalfToEvenOrNotAtAll() {
        assertThat(timesteps(SamplerKind.DDIM, LINSPACE, 7)).containsExactly(999, 832, 666, 500, 333, 166, 0);
        assertThat(timesteps(SamplerKind.LMS, LINSPACE, 7)).containsExactly(999, 832.5, 666, 499.5, 333, 166.5, 0);
        assertThat(timesteps(SamplerKind.DPM_SOLVER_2M, LINSPACE, 7))
                .containsExactly(999, 856, 714, 571, 428, 285, 143);
    }

    @Test
    void fractionalTimestepsAreFloat32() {
        assertThat(timesteps(SamplerKind.EULER, LINSPACE, 16)).contains(932.4000244140625, 199.8000030517578);
    }

    @Test
    void trailingTimestepsStartAtTheLastTrainedOne() {
        double[] expected = {999, 856, 713, 570, 428, 285, 142};
        assertThat(timesteps(SamplerKind.DDIM, TRAILING, 7)).isEqualTo(expected);
        assertThat(timesteps(SamplerKind.DPM_SOLVER_2M, TRAILING, 7)).isEqualTo(expected);
        assertThat(timesteps(SamplerKind.EULER, TRAILING, 7)).isEqualTo(expected);
    }

    @Test
    void trailingHalvesAreDecidedAsTheReferenceDecidesThem() {
        assertThat(timesteps(SamplerKind.DDIM, TRAILING, 48)).endsWith(61, 41, 20);
        assertThat(timesteps(SamplerKind.DDIM, TRAILING, 240)).endsWith(12, 7, 3);
    }

    @Test
    void pndmCallsTwelveTimesForItsFirstThreeSteps() {
        assertThat(timesteps(SamplerKind.PNDM, LEADING, 4))
                .containsExactly(751, 626, 626, 501, 501, 376, 376, 251, 251, 126, 126, 1, 1);
        assertThat(timesteps(SamplerKind.PNDM, LEADING, 9))
                .as("an odd stride: the middle lies half a stride above the end")
                .containsExactly(
                        889, 833, 833, 778, 778, 722, 722, 667, 667, 611, 611, 556, 556, 445, 334, 223, 112, 1);
    }

    @Test
    void oneStepStandsWhereTheReferencePutsIt() {
        assertThat(timesteps(SamplerKind.DDIM, LEADING, 1)).containsExactly(1);
        assertThat(timesteps(SamplerKind.LMS, LEADING, 1)).containsExactly(1);
        assertThat(timesteps(SamplerKind.DPM_SOLVER_2M, LEADING, 1)).containsExactly(501);
        assertThat(timesteps(SamplerKind.DDIM, LINSPACE, 1)).containsExactly(0);
        assertThat(timesteps(SamplerKind.DPM_SOLVER_2M, LINSPACE, 1)).containsExactly(999);
        assertThat(timesteps(SamplerKind.EULER, TRAILING, 1)).containsExactly(999);
    }

    @ParameterizedTest
    @EnumSource(TimestepSpacing.class)
    void everyNumberOfStepsGivesAsManyCallsDownTheTrainedTimesteps(TimestepSpacing spacing) {
        double last = spacing == LEADING ? 1000 : 999;
        for (int steps = 1; steps <= 1000; steps++) {
            double[] timesteps = timesteps(SamplerKind.EULER, spacing, steps);
            assertThat(timesteps).hasSize(steps);
            for (int k = 0; k < steps; k++) {
                assertThat(timesteps[k]).isBetween(0.0, last);
                assertThat(k == 0 || timesteps[k] <= timesteps[k - 1]).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 200})
    void ddimCallsOnceAStep(int steps) {
        assertThat(timesteps(SamplerKind.DDIM, LEADING, steps)).hasSize(steps).endsWith(1);
    }

    private static double[] timesteps(SamplerKind kind, TimestepSpacing spacing, int steps) {
        Sampler sampler = Sampler.of(kind, Schedules.of(PredictionType.EPSILON, spacing), steps);
        double[] timesteps = new double[sampler.calls()];
        for (int call = 0; call < timesteps.length; call++) {
            timesteps[call] = sampler.timestep(call);
        }
        return timesteps;
    }
}
