package io.art2mus.model;

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
public record Gpt2Config(int width, int layers, int heads, int positions, int newTokens, float epsilon) {}
