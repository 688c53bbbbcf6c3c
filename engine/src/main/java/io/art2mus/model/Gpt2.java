package io.art2mus.model;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.ShapeException;
import io.art2mus.graph.Value;
import io.art2mus.nn.Attention;
import io.art2mus.nn.KeysValues;
import io.art2mus.nn.Norms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2 as translator into the language of audio: it reads a sequence of embeddings and continues it, each new hidden state being
 * the next input. All steps stand in one graph, so that every shape is known; keys and values of earlier positions are kept, never
 * computed again.
 *
 * @see <a href="https://arxiv.org/abs/2308.05734">Liu et al. 2023, AudioLDM 2, section III-B</a>
 */
public final class Gpt2 {
    private final Gpt2Config config;
    private final GraphBuilder at;

    private Gpt2(Gpt2Config config, GraphBuilder at) {
        this.config = config;
        this.at = at;
    }

    /**
     * Appends the translation of some prompts of one length.
     *
     * @param at the root of the language model's parameters
     * @param prompt embeddings {@code [N, L, C]}
     * @param bias hides the prompt's padding and nothing of what follows it, {@code [N or 1, 1, L + newTokens − 1]}; or null
     * @return the new tokens, {@code [N, newTokens, C]}
     */
    public static Value translate(Gpt2Config config, GraphBuilder at, Value prompt, @Nullable Value bias) {
        long longest = prompt.shape().extent(1) + config.newTokens() - 1;
        if (longest > config.positions()) {
            throw new ShapeException(
                    at.path() + ": a prompt of " + prompt.shape().extent(1) + " tokens and "
                            + config.newTokens() + " new ones exceed the model's " + config.positions()
                            + " positions; shorten the prompt");
        }
        return new Gpt2(config, at).translate(prompt, bias);
    }

    private Value translate(Value prompt, @Nullable Value bias) {
        List<KeysValues> cache = new ArrayList<>();
        List<Value> tokens = new ArrayList<>();
        long length = prompt.shape().extent(1);
        tokens.add(pass(prompt, 0, firstOf(bias, length), cache));
        while (tokens.size() < config.newTokens()) {
            tokens.add(pass(tokens.getLast(), length, firstOf(bias, length + 1), cache));
            length++;
        }
        return at.concat(1, tokens);
    }

    private @Nullable Value firstOf(@Nullable Value bias, long keys) {
        return bias == null ? null : at.slice(bias, 2, 0, keys);
    }

    /**
     * Runs some positions through all blocks.
     *
     * @param x embeddings, {@code [N, n, C]}
     * @param first position of the first of them
     * @param cache keys and values of each block's earlier positions; extended by these
     * @return the last position's hidden state, {@code [N, 1, C]}
     */
    private Value pass(Value x, long first, @Nullable Value bias, List<KeysValues> cache) {
        long count = x.shape().extent(1);
        Parameter positions = at.at("wpe").stored("weight", config.positions(), config.width());
        Value place = at.constant(positions.rows(first, count).reshaped(Shape.of(1, count, config.width())));
        Value hidden = at.add(x, place);
        for (int layer = 0; layer < config.layers(); layer++) {
            hidden = block(at.at("h").at(layer), hidden, layer, bias, cache);
        }
        return Norms.layer(at.at("ln_f"), at.slice(hidden, 1, count - 1, 1), config.epsilon());
    }

    private Value block(GraphBuilder block, Value x, int layer, @Nullable Value bias, List<KeysValues> cache) {
        Value attended =
                attention(block.at("attn"), Norms.layer(block.at("ln_1"), x, config.epsilon()), layer, bias, cache);
        Value hidden = block.add(x, attended);
        Value inner = Norms.layer(block.at("ln_2"), hidden, config.epsilon());
        inner = block.geluTanh(projected(block.at("mlp").at("c_fc"), inner, 0, 1, 4L * config.width()));
        return block.add(hidden, projected(block.at("mlp").at("c_proj"), inner, 0, 1, config.width()));
    }

    private Value attention(GraphBuilder attn, Value x, int layer, @Nullable Value bias, List<KeysValues> cache) {
        GraphBuilder packed = attn.at("c_attn");
        Value queries = projected(packed, x, 0, 3, config.width());
        KeysValues fresh =
                new KeysValues(projected(packed, x, 1, 3, config.width()), projected(packed, x, 2, 3, config.width()));
        boolean isPrompt = layer == cache.size();
        float scale = Attention.scale(config.width(), config.heads());
        Value mixed;
        if (isPrompt) {
            cache.add(fresh);
            mixed = attn.causalAttention(queries, fresh.keys(), fresh.values(), bias, config.heads(), scale);
        } else {
            KeysValues all = append(attn, cache.get(layer), fresh);
            cache.set(layer, all);
            mixed = attn.attention(queries, all.keys(), all.values(), bias, config.heads(), scale);
        }
        return projected(attn.at("c_proj"), mixed, 0, 1, config.width());
    }

    private static KeysValues append(GraphBuilder at, KeysValues earlier, KeysValues fresh) {
        return new KeysValues(
                at.concat(1, List.of(earlier.keys(), fresh.keys())),
                at.concat(1, List.of(earlier.values(), fresh.values())));
    }

    /**
     * A layer that GPT-2 calls {@code Conv1D}: a Linear whose weight is stored {@code [in, out]}; several may be packed side by
     * side.
     */
    private static Value projected(GraphBuilder at, Value x, int which, int packed, long out) {
        Parameter weight = at.stored("weight", x.shape().last(), packed * out).transposed();
        Parameter bias = at.stored("bias", packed * out);
        return at.linear(x, at.constant(weight.rows(which * out, out)), at.constant(bias.rows(which * out, out)));
    }
}
