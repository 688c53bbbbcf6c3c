package io.art2mus.pipeline;

import io.art2mus.graph.Shape;
import io.art2mus.model.AutoencoderKlConfig;
import io.art2mus.model.HifiGanConfig;

/**
 * How long a sound is in each representation.
 *
 * @param samples samples kept of the waveform
 * @param latentHeight latent rows, each one autoencoder factor of mel frames
 * @param latentWidth latent columns, each one factor of mel bands
 */
public record SoundLength(long samples, long latentHeight, long latentWidth) {
    /** Ten minutes, far beyond what the models keep together. */
    public static final double MOST_SECONDS = 600;

    /** Lengths for {@code seconds} of sound; a {@link WishException} where that is less than a sample. */
    public static SoundLength of(double seconds, AutoencoderKlConfig vae, HifiGanConfig vocoder) {
        int factor = vae.factor();
        // As the reference does it, in doubles and truncated: the last digit of `seconds` decides about a frame.
        long frames = (long) (seconds / ((double) vocoder.hop() / vocoder.samplingRate()));
        long samples = (long) (seconds * vocoder.samplingRate());
        if (samples == 0) {
            throw new WishException("seconds", "is " + seconds + ", which is less than one sample");
        }
        long height = Math.max(1, (frames + factor - 1) / factor);
        while (vocoder.samples(height * factor) < samples) {
            height++;
        }
        return new SoundLength(samples, height, vocoder.melBands() / factor);
    }

    /** The latents' shape, {@code [1, H, W, channels]}. */
    public Shape latents(int channels) {
        return Shape.of(1, latentHeight, latentWidth, channels);
    }
}
