package io.art2mus.train;

import io.art2mus.backend.Optimizer;
import io.art2mus.backend.Trainable;
import io.art2mus.graph.HostTensor;

/**
 * AdamW: Adam whose weight decay shrinks the weights themselves and does not pass through the moments. Arithmetic is float32 in
 * PyTorch's order; bias corrections are float64.
 *
 * @param weightDecay how much a weight shrinks in an update, times the learning rate; the published training has 0.01
 * @param largestNorm gradients are clipped to about this norm, as PyTorch does it
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019, algorithm 2</a>
 */
public record AdamW(double weightDecay, double largestNorm) {
    /** What PyTorch adds to a norm before it divides by it. */
    private static final double NORM_EPSILON = 1e-6;

    /**
     * The numbers of an update.
     *
     * @param update counts from 1
     * @param lossScale what the losses were multiplied by
     */
    public Optimizer.Step step(double learningRate, long update, double lossScale) {
        return new Optimizer.Step(
                (float) (1 - learningRate * weightDecay),
                (float) (learningRate / (1 - Math.pow(Optimizer.BETA_1, (double) update))),
                (float) Math.sqrt(1 - Math.pow(Optimizer.BETA_2, (double) update)),
                1 / lossScale,
                largestNorm);
    }

    /**
     * Changes weights and moments in place, unless the norm is not finite.
     *
     * @param gradients their sum, as one vector
     * @return the norm before clipping
     */
    static double update(Trainable trained, HostTensor gradients, Optimizer.Step step) {
        double norm = step.unscale() * norm(gradients);
        if (!Double.isFinite(norm)) {
            return norm;
        }
        float factor = (float) (step.unscale() * Math.min(1, step.largestNorm() / (norm + NORM_EPSILON)));
        HostTensor weight = trained.weights();
        HostTensor first = trained.firstMoments();
        HostTensor second = trained.secondMoments();
        for (long i = 0; i < weight.shape().elements(); i++) {
            float g = factor * gradients.get(i);
            float mean = first.get(i) + (float) (1 - Optimizer.BETA_1) * (g - first.get(i));
            float square = (float) Optimizer.BETA_2 * second.get(i) + (float) (1 - Optimizer.BETA_2) * g * g;
            first.set(i, mean);
            second.set(i, square);
            float deviation = (float) Math.sqrt(square) / step.secondCorrection() + Optimizer.EPSILON;
            weight.set(i, step.kept() * weight.get(i) - step.rate() * mean / deviation);
        }
        return norm;
    }

    /** Summed in float64 in the numbers' order. */
    private static double norm(HostTensor vector) {
        double sum = 0;
        for (long i = 0; i < vector.shape().elements(); i++) {
            sum += (double) vector.get(i) * vector.get(i);
        }
        return Math.sqrt(sum);
    }
}
