package io.art2mus.train;

import io.art2mus.graph.HostTensor;

/**
 * AdamW: Adam whose weight decay shrinks the weights themselves and does not pass through the moments. Arithmetic is float32 in
 * PyTorch's order; bias corrections are float64.
 *
 * @param weightDecay how much a weight shrinks in an update, times the learning rate; the published training has 0.01
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019, algorithm 2</a>
 */
public record AdamW(double weightDecay) {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final float EPSILON = 1e-8f;

    /**
     * The running means of a gradient and of its square; both begin as zeros.
     *
     * @param first of the gradient
     * @param second of its square
     */
    public record Moments(TrainedTensors first, TrainedTensors second) {}

    /**
     * Changes weights and moments in place.
     *
     * @param update counts from 1
     */
    public void update(
            TrainedTensors weights, TrainedTensors gradients, Moments moments, double learningRate, long update) {
        float kept = (float) (1 - learningRate * weightDecay);
        float step = (float) (learningRate / (1 - Math.pow(BETA_1, (double) update)));
        float secondCorrection = (float) Math.sqrt(1 - Math.pow(BETA_2, (double) update));
        HostTensor weight = weights.all();
        HostTensor gradient = gradients.all();
        HostTensor first = moments.first().all();
        HostTensor second = moments.second().all();
        for (long i = 0; i < weight.shape().elements(); i++) {
            float g = gradient.get(i);
            float mean = first.get(i) + (float) (1 - BETA_1) * (g - first.get(i));
            float square = (float) BETA_2 * second.get(i) + (float) (1 - BETA_2) * g * g;
            first.set(i, mean);
            second.set(i, square);
            float deviation = (float) Math.sqrt(square) / secondCorrection + EPSILON;
            weight.set(i, kept * weight.get(i) - step * mean / deviation);
        }
    }

    /**
     * Shortens gradients whose norm is above {@code most} to about that, as PyTorch does.
     *
     * @return the norm before
     */
    public static double clip(TrainedTensors gradients, double most) {
        double norm = gradients.norm();
        gradients.scale((float) Math.min(1, most / (norm + 1e-6)));
        return norm;
    }
}
