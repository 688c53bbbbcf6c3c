package io.art2mus.model;

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
    /** How many mel frames, and how many mel bands, one latent stands for. */
    public int factor() {
        return 1 << (channels.size() - 1);
    }
}
