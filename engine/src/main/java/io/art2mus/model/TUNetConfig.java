package io.art2mus.model;

import io.art2mus.weights.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Shape of a T-UNet ({@code unet/config.json}).
 *
 * @param latentChannels channels of the latents and of the prediction ({@code in_channels}, {@code out_channels})
 * @param groups groups of every group normalisation ({@code norm_num_groups})
 * @param epsilon of the ResNet blocks' normalisations ({@code norm_eps})
 * @param levels resolutions on the way down, the finest first
 */
public record TUNetConfig(int latentChannels, int groups, float epsilon, List<Level> levels) {
    private static final int MOST_LATENT_CHANNELS = 1 << 8;
    private static final int MOST_CHANNELS = 1 << 14;
    private static final int MOST_LAYERS = 64;
    private static final int MOST_LEVELS = 8;
    private static final int MOST_TRANSFORMERS = 4;

    /** What diffusers assumes for settings that its earlier versions did not write. */
    private static final Map<String, ?> DEFAULTS = Map.of(
            "act_fn", "silu",
            "mid_block_type", "UNetMidBlock2DCrossAttn",
            "layers_per_block", 2,
            "transformer_layers_per_block", 1,
            "attention_head_dim", 8,
            "norm_num_groups", 32,
            "norm_eps", 1e-5);

    /** What a transformer's second attention reads. */
    public enum Stream {
        /** Its own positions. */
        SELF,
        /** The language-of-audio tokens, never masked. */
        LOA,
        /** FLAN-T5's states, with their mask. */
        T5
    }

    /**
     * One resolution.
     *
     * @param channels width ({@code block_out_channels})
     * @param layers ResNet blocks on the way down; one more on the way up ({@code layers_per_block})
     * @param heads of every attention ({@code attention_head_dim}, by an old naming slip)
     * @param transformerLayers blocks in each transformer ({@code transformer_layers_per_block})
     * @param transformers one entry for each transformer after a ResNet block ({@code cross_attention_dim})
     * @param attends whether the way down and up has transformers here; the mid block always has the last level's
     */
    public record Level(
            int channels, int layers, int heads, int transformerLayers, List<Stream> transformers, boolean attends) {}

    /** Reads {@code unet/config.json}; a {@code WeightsException} names what this T-UNet does not do. */
    public static TUNetConfig read(ModelConfig file) {
        ModelConfig config = file.withDefaults(DEFAULTS);
        requireKnownSettings(config);
        List<Level> levels = levels(config);
        int groups = config.integer("norm_num_groups", 1, MOST_CHANNELS);
        for (Level level : levels) {
            config.requireDivides("norm_num_groups", groups, "block_out_channels", level.channels());
        }
        int finest = levels.getFirst().channels();
        if (finest % 2 != 0) {
            throw config.refused("block_out_channels begins with " + finest + ", which sine and cosine cannot share");
        }
        config.requireOnly("time_embedding_dim", 4 * finest);
        int channels = config.integer("in_channels", 1, MOST_LATENT_CHANNELS);
        if (config.integer("out_channels", 1, MOST_LATENT_CHANNELS) != channels) {
            throw config.refused("out_channels is not in_channels " + channels + ": the noise has the latents' shape");
        }
        return new TUNetConfig(channels, groups, (float) config.number("norm_eps", 0, 1), levels);
    }

    private static void requireKnownSettings(ModelConfig config) {
        config.choice("act_fn", "silu", "swish");
        config.choice("mid_block_type", "UNetMidBlock2DCrossAttn");
        config.requireOnly("resnet_time_scale_shift", "default");
        config.requireOnly("time_embedding_type", "positional");
        config.requireOnly("flip_sin_to_cos", true);
        config.requireOnly("freq_shift", 0);
        config.requireOnly("use_linear_projection", false);
        config.requireOnly("only_cross_attention", false);
        config.requireOnly("downsample_padding", 1);
        config.requireOnly("mid_block_scale_factor", 1);
        config.requireOnly("conv_in_kernel", 3);
        config.requireOnly("conv_out_kernel", 3);
        config.requireAbsent(
                "num_attention_heads",
                "class_embed_type",
                "num_class_embeds",
                "time_embedding_act_fn",
                "timestep_post_act",
                "time_cond_proj_dim");
    }

    private static List<Level> levels(ModelConfig config) {
        List<String> down = config.choices("down_block_types", "DownBlock2D", "CrossAttnDownBlock2D");
        List<String> up = config.choices("up_block_types", "UpBlock2D", "CrossAttnUpBlock2D");
        List<List<OptionalInt>> widths = config.optionalIntegerLists("cross_attention_dim", 1, MOST_CHANNELS);
        int count = down.size();
        if (count < 1 || count > MOST_LEVELS || up.size() != count || widths.size() != count) {
            throw config.refused("down_block_types has " + count + " entries, up_block_types " + up.size()
                    + " and cross_attention_dim " + widths.size() + ", expected as many of each, 1 to " + MOST_LEVELS);
        }
        List<Integer> channels = config.integers("block_out_channels", count, 1, MOST_CHANNELS);
        List<Integer> layers = config.integers("layers_per_block", count, 1, MOST_LAYERS);
        List<Integer> heads = config.integers("attention_head_dim", count, 1, MOST_CHANNELS);
        List<Integer> transformerLayers = config.integers("transformer_layers_per_block", count, 1, MOST_LAYERS);
        List<Level> levels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean attends = down.get(i).startsWith("CrossAttn");
            if (attends != up.get(count - 1 - i).startsWith("CrossAttn")) {
                throw config.refused("down_block_types " + i + " is " + down.get(i)
                        + ", its counterpart in up_block_types " + up.get(count - 1 - i));
            }
            if (attends || i == count - 1) {
                config.requireDivides("attention_head_dim", heads.get(i), "block_out_channels", channels.get(i));
            }
            List<Stream> transformers = streams(widths.get(i));
            if (transformers.isEmpty() || transformers.size() > MOST_TRANSFORMERS) {
                throw config.refused("cross_attention_dim " + i + " has " + transformers.size()
                        + " entries, expected 1 to " + MOST_TRANSFORMERS);
            }
            levels.add(new Level(
                    channels.get(i), layers.get(i), heads.get(i), transformerLayers.get(i), transformers, attends));
        }
        return List.copyOf(levels);
    }

    /** The first two transformers of a row read the language of audio, later ones FLAN-T5; null reads neither. */
    private static List<Stream> streams(List<OptionalInt> widths) {
        List<Stream> streams = new ArrayList<>();
        for (OptionalInt width : widths) {
            Stream text = streams.size() <= 1 ? Stream.LOA : Stream.T5;
            streams.add(width.isPresent() ? text : Stream.SELF);
        }
        return List.copyOf(streams);
    }
}
