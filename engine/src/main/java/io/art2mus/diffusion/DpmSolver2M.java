package io.art2mus.diffusion;

import static io.art2mus.diffusion.LinearForm.SAMPLE;

import io.art2mus.diffusion.SamplerStep.Kept;
import io.art2mus.diffusion.SamplerStep.Term;
import java.util.ArrayList;
import java.util.List;

/**
 * DPM-Solver++ of second order, multistep, with midpoints: keeps the x₀ predicted last. The first step and the last, which
 * ends at σ = 0, are of first order.
 *
 * @see <a href="https://arxiv.org/abs/2211.01095">Lu and others 2022, algorithm 2</a>
 */
final class DpmSolver2M {
    private DpmSolver2M() {}

    static List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
        int[] timesteps = timesteps(schedule.config(), steps);
        double[] sigmas = new double[steps + 1];
        for (int k = 0; k < steps; k++) {
            sigmas[k] = schedule.sigma(timesteps[k]);
        }
        List<SamplerStep> plan = new ArrayList<>();
        for (int k = 0; k < steps; k++) {
            double alphaBar = NoiseSchedule.alphaBarOf(sigmas[k]);
            double nextAlphaBar = NoiseSchedule.alphaBarOf(sigmas[k + 1]);
            LinearForm original = schedule.config().predictionType().original(alphaBar);

            double shrink = sigmas[k + 1] / sigmas[k];
            double gain = Math.sqrt(nextAlphaBar) * (1 - shrink);
            double extrapolation = k == 0 || k == steps - 1 ? 0 : extrapolation(sigmas, k);
            LinearForm next = SAMPLE.times(shrink * Math.sqrt(nextAlphaBar / alphaBar))
                    .plus(original.times(gain * (1 + extrapolation)));

            int slot = k % 2;
            List<Term> terms = extrapolation == 0 ? List.of() : List.of(new Term(1 - slot, -gain * extrapolation));
            plan.add(new SamplerStep(timesteps[k], 1, next, List.of(new Kept(slot, original)), terms));
        }
        return plan;
    }

    /** Factor of m₀ − m₁: half of this step over the last one, in λ = −ln σ. None where the last one stood still. */
    private static double extrapolation(double[] sigmas, int k) {
        double lastStep = Math.log(sigmas[k - 1] / sigmas[k]);
        return lastStep == 0 ? 0 : Math.log(sigmas[k] / sigmas[k + 1]) / (2 * lastStep);
    }

    /** Leading and even spacing count the end as one timestep more, and leave it out. */
    private static int[] timesteps(SchedulerConfig config, int steps) {
        TimestepSpacing spacing = config.timestepSpacing();
        int count = spacing == TimestepSpacing.TRAILING ? steps : steps + 1;
        if (count > config.trainTimesteps()) {
            throw new StepCountException(SamplerKind.DPM_SOLVER_2M + " takes at most " + (config.trainTimesteps() - 1)
                    + " steps here, not " + steps);
        }
        int[] timesteps = new int[steps];
        for (int k = 0; k < steps; k++) {
            timesteps[k] = (int) Math.rint(spacing.timestep(k, count, config));
        }
        return timesteps;
    }
}
