package io.art2mus.train;

import io.art2mus.diffusion.NoiseSchedule;
import io.art2mus.diffusion.PredictionType;
import io.art2mus.graph.HostTensor;
import java.util.OptionalDouble;

/**
 * What the network is shown, what it should have answered, and how much an error counts.
 *
 * @param schedule of the checkpoint, which says what the network predicts too
 * @param gamma the most a signal-to-noise ratio may count (min-SNR, published: 5); empty for the plain mean squared error
 * @see <a href="https://arxiv.org/abs/2303.09556">Hang and others 2023, section 3.4, for min-SNR</a>
 */
public record NoiseLoss(NoiseSchedule schedule, OptionalDouble gamma) {
    /**
     * Forward noising, {@code √ᾱ·x₀ + √(1−ᾱ)·ε}, of each item to its own timestep.
     *
     * @param latents x₀, {@code [N, H, W, C]}
     * @param noise ε, of the same shape
     * @param timesteps N of them
     * @param noised is overwritten
     */
    public void noise(HostTensor latents, HostTensor noise, int[] timesteps, HostTensor noised) {
        combine(latents, noise, timesteps, noised, false);
    }

    /** What the network should answer: the noise, or the velocity {@code √ᾱ·ε − √(1−ᾱ)·x₀}; parameters as in {@link #noise}. */
    public void target(HostTensor latents, HostTensor noise, int[] timesteps, HostTensor target) {
        if (isVelocity()) {
            combine(latents, noise, timesteps, target, true);
        } else {
            target.data().copyFrom(noise.data());
        }
    }

    /**
     * What the mean squared error of an item counts for: 1, or {@code min(SNR, γ) / SNR}, where SNR is ᾱ/(1−ᾱ); a velocity's is divided
     * by SNR + 1 instead.
     */
    public double weight(int timestep) {
        if (gamma.isEmpty()) {
            return 1;
        }
        double alphaBar = schedule.alphaBar(timestep);
        double ratio = alphaBar / (1 - alphaBar);
        return Math.min(ratio, gamma.getAsDouble()) / (isVelocity() ? ratio + 1 : ratio);
    }

    private boolean isVelocity() {
        return schedule.config().predictionType() == PredictionType.V_PREDICTION;
    }

    private void combine(HostTensor latents, HostTensor noise, int[] timesteps, HostTensor result, boolean velocity) {
        long item = latents.shape().elements() / timesteps.length;
        for (int n = 0; n < timesteps.length; n++) {
            double alphaBar = schedule.alphaBar(timesteps[n]);
            float signal = (float) Math.sqrt(alphaBar);
            float deviation = (float) Math.sqrt(1 - alphaBar);
            for (long i = n * item; i < (n + 1) * item; i++) {
                float x = latents.get(i);
                float e = noise.get(i);
                result.set(i, velocity ? signal * e - deviation * x : signal * x + deviation * e);
            }
        }
    }
}
