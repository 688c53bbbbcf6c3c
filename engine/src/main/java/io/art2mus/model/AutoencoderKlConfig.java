package io.art2mus.model;

import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;
import java.util.List;

/**
 * Shape of the autoencoder between log-mels and latents ({@code vae/config.json}).
 *
 * @param latentChannels channels of the latents ({@code latent_channels})
 * @param outChannels channels of what is decoded, 1 for a log-mel ({@code out_channels})
 * @param channels widths from the finest resolution to the coarsest ({@code block_out_channels})
 * @param layers ResNet blocks a level of the encoder; the decoder has one more ({@code layers_per_block})
 * @param groups groups of every normalisation ({@code norm_num_groups})
 * @param scalingFactor what latents were multiplied by for the diffusion ({@code scaling_factor})
 */
public record AutoencoderKlConfig(
        int latentChannels, int outChannels, List<Integer> channels, int layers, int groups, double scalingFactor) {
    private static final int MOST_CHANNELS = 1 << 14;
    private static final int MOST_LAYERS = 64;

    /** How many mel frames, and how many mel bands, one latent stands for. */
    public int factor() {
        return 1 << (channels.size() - 1);
    }

    /** Reads {@code vae/config.json}; a {@code WeightsException} names what this autoencoder does not do. */
    public static AutoencoderKlConfig read(ModelConfig config) {
        config.choice("act_fn", "silu");
        List<Integer> channels = config.integers("block_out_channels", 1, MOST_CHANNELS);
        if (channels.isEmpty() || channels.size() > 8) {
            throw new WeightsException(
                    "block_out_channels has " + channels.size() + " levels", config.file(), "expected 1 to 8 levels");
        }
        return new AutoencoderKlConfig(
                config.integer("latent_channels", 1, MOST_CHANNELS),
                config.integer("out_channels", 1, MOST_CHANNELS),
                channels,
                config.integer("layers_per_block", 1, MOST_LAYERS),
                config.integer("norm_num_groups", 1, MOST_CHANNELS),
                config.number("scaling_factor", 1e-6, 1e6));
    }
}
