package io.art2mus.diffusion;

import java.util.ArrayList;
import java.util.List;

/**
 * Denoising diffusion implicit models without added noise (η = 0).
 *
 * @see <a href="https://arxiv.org/abs/2010.02502">Song and others 2021, equation 12</a>
 */
final class Ddim {
    private Ddim() {}

    static List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
        SchedulerConfig config = schedule.config();
        int stride = config.trainTimesteps() / steps;
        List<SamplerStep> plan = new ArrayList<>();
        for (int k = 0; k < steps; k++) {
            int t = (int) Math.rint(config.timestepSpacing().timestep(k, steps, config));
            plan.add(SamplerStep.alone(t, 1, transfer(schedule, t, t - stride)));
        }
        return plan;
    }

    /** The latents of timestep {@code to}, given those of {@code from} and what the network says of them. */
    static LinearForm transfer(NoiseSchedule schedule, int from, int to) {
        PredictionType prediction = schedule.config().predictionType();
        LinearForm original = prediction.original(schedule.alphaBar(from));
        LinearForm noise = prediction.noise(schedule.alphaBar(from));
        double alphaBar = schedule.alphaBar(to);
        return original.times(Math.sqrt(alphaBar)).plus(noise.times(Math.sqrt(1 - alphaBar)));
    }
}
