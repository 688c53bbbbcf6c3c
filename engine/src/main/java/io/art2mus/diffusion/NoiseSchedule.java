package io.art2mus.diffusion;

import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;

/**
 * How much noise each training timestep t had: {@code x = √ᾱ(t)·x₀ + √(1−ᾱ(t))·ε}, with ᾱ the running product of 1 − β.
 * Timesteps past the last trained one have its level.
 *
 * @see <a href="https://arxiv.org/abs/2006.11239">Ho and others 2020, section 2</a>
 */
public final class NoiseSchedule {
    private final SchedulerConfig config;
    private final double[] alphaBars;

    /** The schedule of a checkpoint's {@code scheduler_config.json}; a {@link WeightsException} where it has none we can follow. */
    public static NoiseSchedule from(ModelConfig file) {
        NoiseSchedule schedule = new NoiseSchedule(SchedulerConfig.from(file));
        if (schedule.alphaBars[schedule.alphaBars.length - 1] == 0) {
            throw new WeightsException(
                    "beta_end leaves no signal at the last timestep", file.file(), "is this the right configuration?");
        }
        return schedule;
    }

    /** Computes every level, rounded to float32 where PyTorch rounds it. */
    NoiseSchedule(SchedulerConfig config) {
        this.config = config;
        float[] betas = config.betaSchedule().betas(config.betaStart(), config.betaEnd(), config.trainTimesteps());
        alphaBars = new double[betas.length];
        double product = 1;
        for (int t = 0; t < betas.length; t++) {
            product *= 1f - betas[t];
            alphaBars[t] = (float) product;
        }
    }

    public SchedulerConfig config() {
        return config;
    }

    /** ᾱ, the share of the signal in the variance; before timestep 0 what {@code set_alpha_to_one} says. */
    public double alphaBar(int timestep) {
        if (timestep < 0) {
            return config.setAlphaToOne() ? 1 : alphaBars[0];
        }
        return alphaBars[Math.min(timestep, alphaBars.length - 1)];
    }

    /** σ = √((1−ᾱ)/ᾱ), noise over signal, interpolated linearly between whole timesteps. */
    double sigma(double timestep) {
        int below = (int) timestep;
        double weight = timestep - below;
        return (1 - weight) * sigmaAt(below) + weight * sigmaAt(below + 1);
    }

    private double sigmaAt(int timestep) {
        double alphaBar = alphaBar(timestep);
        return Math.sqrt((1 - alphaBar) / alphaBar);
    }

    /** The ᾱ whose σ this is. */
    static double alphaBarOf(double sigma) {
        return 1 / (sigma * sigma + 1);
    }
}
