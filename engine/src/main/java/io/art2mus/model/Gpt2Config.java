package io.art2mus.model;

import io.art2mus.weights.ModelConfig;
import java.util.Map;

/**
 * Shape of the language-of-audio translator ({@code language_model/config.json}).
 *
 * @param width of the hidden states ({@code n_embd})
 * @param layers transformer blocks ({@code n_layer})
 * @param heads of every attention ({@code n_head})
 * @param positions the longest sequence, new tokens included ({@code n_positions})
 * @param newTokens tokens to generate ({@code max_new_tokens})
 * @param epsilon of the layer normalisations ({@code layer_norm_epsilon})
 */
public record Gpt2Config(int width, int layers, int heads, int positions, int newTokens, float epsilon) {
    private static final int MOST_CHANNELS = 1 << 14;

    private static final Map<String, ?> DEFAULTS = Map.of(
            "n_positions", 1024, "max_new_tokens", 8, "activation_function", "gelu_new", "layer_norm_epsilon", 1e-5);

    /** Reads {@code language_model/config.json}; a {@code WeightsException} names what this GPT-2 does not do. */
    public static Gpt2Config read(ModelConfig file) {
        ModelConfig config = file.withDefaults(DEFAULTS);
        config.choice("activation_function", "gelu_new");
        config.requireOnly("scale_attn_weights", true);
        config.requireOnly("scale_attn_by_inverse_layer_idx", false);
        config.requireOnly("add_cross_attention", false);
        int width = config.integer("n_embd", 1, MOST_CHANNELS);
        config.requireOnly("n_inner", 4 * width);
        int heads = config.integer("n_head", 1, width);
        config.requireDivides("n_head", heads, "n_embd", width);
        return new Gpt2Config(
                width,
                config.integer("n_layer", 1, 256),
                heads,
                config.integer("n_positions", 1, 1 << 16),
                config.integer("max_new_tokens", 1, 64),
                (float) config.number("layer_norm_epsilon", 0, 1));
    }
}
