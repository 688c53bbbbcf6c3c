package io.art2mus.model;

import io.art2mus.weights.ModelConfig;
import java.util.List;
import java.util.Map;

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
    private static final int MOST_LATENT_CHANNELS = 1 << 8;
    private static final int MOST_CHANNELS = 1 << 14;
    private static final int MOST_LAYERS = 64;
    private static final int MOST_LEVELS = 8;

    /** What diffusers assumes for settings that its earlier versions did not write. */
    private static final Map<String, ?> DEFAULTS =
            Map.of("act_fn", "silu", "layers_per_block", 1, "norm_num_groups", 32, "scaling_factor", 0.18215);

    /** How many mel frames, and how many mel bands, one latent stands for. */
    public int factor() {
        return 1 << (channels.size() - 1);
    }

    /** Reads {@code vae/config.json}; a {@code WeightsException} names what this autoencoder does not do. */
    public static AutoencoderKlConfig read(ModelConfig file) {
        ModelConfig config = file.withDefaults(DEFAULTS);
        config.choice("act_fn", "silu", "swish");
        config.requireOnly("mid_block_add_attention", true);
        config.requireOnly("use_quant_conv", true);
        config.requireOnly("use_post_quant_conv", true);
        List<Integer> channels = config.integers("block_out_channels", 1, MOST_CHANNELS);
        int levels = channels.size();
        if (levels < 1 || levels > MOST_LEVELS) {
            throw config.refused("block_out_channels has " + levels + " levels, expected 1 to " + MOST_LEVELS);
        }
        if (config.choices("down_block_types", "DownEncoderBlock2D").size() != levels
                || config.choices("up_block_types", "UpDecoderBlock2D").size() != levels) {
            throw config.refused(
                    "down_block_types and up_block_types have not the " + levels + " entries of block_out_channels");
        }
        int groups = config.integer("norm_num_groups", 1, MOST_CHANNELS);
        for (int width : channels) {
            config.requireDivides("norm_num_groups", groups, "block_out_channels", width);
        }
        return new AutoencoderKlConfig(
                config.integer("latent_channels", 1, MOST_LATENT_CHANNELS),
                config.integer("out_channels", 1, MOST_CHANNELS),
                channels,
                config.integer("layers_per_block", 1, MOST_LAYERS),
                groups,
                config.number("scaling_factor", 1e-6, 1e6));
    }
}
