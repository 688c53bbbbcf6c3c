package io.art2mus.diffusion;

import static io.art2mus.diffusion.LinearForm.OUTPUT;
import static io.art2mus.diffusion.LinearForm.SAMPLE;

/**
 * What Euler's method and the linear multistep method share: latents are not scaled down, {@code x = x₀ + σ·ε}, so that
 * {@code dx/dσ = ε}.
 *
 * @see <a href="https://arxiv.org/abs/2206.00364">Karras and others 2022, section 2</a>
 */
final class SigmaSteps {
    private final SchedulerConfig config;
    private final double[] timesteps;
    private final double[] sigmas;

    SigmaSteps(NoiseSchedule schedule, int steps) {
        config = schedule.config();
        timesteps = new double[steps];
        sigmas = new double[steps + 1];
        for (int k = 0; k < steps; k++) {
            timesteps[k] = (float) config.timestepSpacing().timestep(k, steps, config);
            sigmas[k] = schedule.sigma(timesteps[k]);
        }
    }

    double timestep(int step) {
        return timesteps[step];
    }

    /** σ before a step; after the last one it is 0. */
    double sigma(int step) {
        return sigmas[step];
    }

    /** Brings the latents to the variance 1 that the network knows. */
    double inputScale(int step) {
        return Math.sqrt(NoiseSchedule.alphaBarOf(sigmas[step]));
    }

    /** The predicted ε, of latents that are not scaled down. */
    LinearForm noise(int step) {
        LinearForm scaled = config.predictionType().noise(NoiseSchedule.alphaBarOf(sigmas[step]));
        return SAMPLE.times(scaled.sample() * inputScale(step)).plus(OUTPUT.times(scaled.output()));
    }

    /** Leading spacing counts the signal's variance in. */
    double initialNoiseSigma() {
        return config.timestepSpacing() == TimestepSpacing.LEADING ? Math.sqrt(sigmas[0] * sigmas[0] + 1) : sigmas[0];
    }
}
