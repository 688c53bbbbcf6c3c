package io.art2mus.model;

import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Shape of a T-UNet ({@code unet/config.json}).
 *
 * @param inChannels channels of the latents ({@code in_channels})
 * @param outChannels channels of the prediction ({@code out_channels})
 * @param groups groups of every group normalisation ({@code norm_num_groups})
 * @param epsilon of the ResNet blocks' normalisations ({@code norm_eps})
 * @param levels resolutions on the way down, the finest first
 */
public record TUNetConfig(int inChannels, int outChannels, int groups, float epsilon, List<Level> levels) {
    private static final int MOST_CHANNELS = 1 << 14;
    private static final int MOST_LAYERS = 64;

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
    public static TUNetConfig read(ModelConfig config) {
        config.choice("time_embedding_type", "positional");
        config.choice("resnet_time_scale_shift", "default");
        config.choice("act_fn", "silu");
        config.choice("mid_block_type", "UNetMidBlock2DCrossAttn");
        List<String> down = config.choices("down_block_types", "DownBlock2D", "CrossAttnDownBlock2D");
        List<String> up = config.choices("up_block_types", "UpBlock2D", "CrossAttnUpBlock2D");
        int count = down.size();
        List<Integer> channels = config.integers("block_out_channels", count, 1, MOST_CHANNELS);
        List<Integer> layers = config.integers("layers_per_block", count, 1, MOST_LAYERS);
        List<Integer> heads = config.integers("attention_head_dim", count, 1, MOST_CHANNELS);
        List<Integer> transformerLayers = config.integers("transformer_layers_per_block", count, 1, MOST_LAYERS);
        List<List<OptionalInt>> widths = config.optionalIntegerLists("cross_attention_dim", 1, MOST_CHANNELS);
        if (up.size() != count || widths.size() != count) {
            throw new WeightsException(
                    count + " down blocks, " + up.size() + " up blocks and " + widths.size() + " cross_attention_dim",
                    config.file(),
                    "expected as many of each");
        }
        List<Level> levels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean attends = down.get(i).startsWith("CrossAttn");
            if (attends != up.get(count - 1 - i).startsWith("CrossAttn")) {
                throw new WeightsException(
                        "down block " + i + " and its up block are of different kinds",
                        config.file(),
                        "is this checkpoint of the audioldm2 family?");
            }
            levels.add(new Level(
                    channels.get(i),
                    layers.get(i),
                    heads.get(i),
                    transformerLayers.get(i),
                    streams(widths.get(i)),
                    attends));
        }
        return new TUNetConfig(
                config.integer("in_channels", 1, MOST_CHANNELS),
                config.integer("out_channels", 1, MOST_CHANNELS),
                config.integer("norm_num_groups", 1, MOST_CHANNELS),
                (float) config.number("norm_eps", 0, 1),
                levels);
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
