package io.art2mus.model;

import java.util.List;

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
}
