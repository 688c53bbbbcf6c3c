package io.art2mus.model;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.Value;
import io.art2mus.nn.Linear;
import java.util.List;

/**
 * The two text encoders' states in GPT-2's width, each wrapped in learned start and end vectors ({@code AudioLDM2ProjectionModel}
 * of diffusers).
 */
public final class TextProjection {
    private TextProjection() {}

    /**
     * {@code [sos, clap, eos, sos_1, t5 …, eos_1]}, {@code [1, L + 5, width]}.
     *
     * @param at the root of the projection model's parameters
     * @param clap CLAP's text embedding, {@code [1, 1, in]}
     * @param t5 FLAN-T5's states, {@code [1, L, in]}
     * @param width of GPT-2's states ({@code langauge_model_dim}, spelled so)
     */
    public static Value of(GraphBuilder at, Value clap, Value t5, long width) {
        return at.concat(
                1,
                List.of(
                        vector(at, "sos_embed", width),
                        Linear.of(at.at("projection"), clap, width),
                        vector(at, "eos_embed", width),
                        vector(at, "sos_embed_1", width),
                        Linear.of(at.at("projection_1"), t5, width),
                        vector(at, "eos_embed_1", width)));
    }

    private static Value vector(GraphBuilder at, String name, long width) {
        return at.reshape(at.parameter(name, width), 1, 1, width);
    }
}
