package io.art2mus.model;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/**
 * The normal distribution that the autoencoder's encoder finds for a log-mel's latents, every element independent of the others
 * ({@code DiagonalGaussianDistribution} of diffusers). It is read on the host, where training draws from it.
 *
 * @param mean {@code [N, H, W, C]}
 * @param logVariance of the same shape, within −30 … 20
 * @see <a href="https://arxiv.org/abs/1312.6114">Kingma and Welling 2013, section 2.4</a>
 */
public record DiagonalGaussian(HostTensor mean, HostTensor logVariance) {
    private static final float LEAST_LOG_VARIANCE = -30;
    private static final float MOST_LOG_VARIANCE = 20;

    /**
     * Splits what {@link AutoencoderKl#encoder} puts out.
     *
     * @param arena owns both halves
     * @param moments {@code [N, H, W, 2C]}, the means before the logarithms of the variances
     */
    public static DiagonalGaussian of(Arena arena, HostTensor moments) {
        long channels = moments.shape().last() / 2;
        Shape half = moments.shape().withLast(channels);
        HostTensor mean = HostTensor.allocate(arena, half);
        HostTensor logVariance = HostTensor.allocate(arena, half);
        for (long i = 0; i < half.elements(); i++) {
            long source = i / channels * 2 * channels + i % channels;
            mean.set(i, moments.get(source));
            logVariance.set(i, Math.clamp(moments.get(source + channels), LEAST_LOG_VARIANCE, MOST_LOG_VARIANCE));
        }
        return new DiagonalGaussian(mean, logVariance);
    }
}
