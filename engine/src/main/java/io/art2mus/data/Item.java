package io.art2mus.data;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.model.DiagonalGaussian;
import java.lang.foreign.Arena;

/**
 * A pair as it is trained with. Its memory is the {@link TrainingData}'s.
 *
 * @param embedding ImageBind's of the picture, {@code [1, width]}
 * @param moments what the autoencoder knows of the music's latents, {@code [1, H, W, 2C]}; read-only memory
 * @param scalingFactor what latents are multiplied by for the diffusion
 */
public record Item(Pair pair, HostTensor embedding, HostTensor moments, double scalingFactor) {
    /**
     * Draws latents of unit scale.
     *
     * @param normal standard normal values, {@code [1, H, W, C]}
     * @param latents of the same shape, overwritten
     */
    public void sample(HostTensor normal, HostTensor latents) {
        Shape shape = moments.shape().withLast(moments.shape().last() / 2);
        if (!normal.shape().equals(shape) || !latents.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "latents are " + shape + ", not " + normal.shape() + " and " + latents.shape());
        }
        try (Arena scratch = Arena.ofConfined()) {
            DiagonalGaussian gaussian = DiagonalGaussian.of(scratch, moments);
            for (long i = 0; i < shape.elements(); i++) {
                float deviation = (float) Math.exp(0.5f * gaussian.logVariance().get(i));
                float latent = gaussian.mean().get(i) + deviation * normal.get(i);
                latents.set(i, latent * (float) scalingFactor);
            }
        }
    }
}
