package io.art2mus.diffusion;

import static io.art2mus.diffusion.LinearForm.SAMPLE;

import java.util.ArrayList;
import java.util.List;

/**
 * Euler's method on {@code dx/dσ = ε}.
 *
 * @see <a href="https://arxiv.org/abs/2206.00364">Karras and others 2022, algorithm 2 without churn and correction</a>
 */
final class Euler {
    private Euler() {}

    static List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
        SigmaSteps path = new SigmaSteps(schedule, steps);
        List<SamplerStep> plan = new ArrayList<>();
        for (int k = 0; k < steps; k++) {
            LinearForm next = SAMPLE.plus(path.noise(k).times(path.sigma(k + 1) - path.sigma(k)));
            plan.add(SamplerStep.alone(path.timestep(k), path.inputScale(k), next));
        }
        return plan;
    }
}
