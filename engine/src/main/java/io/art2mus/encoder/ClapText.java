package io.art2mus.encoder;

import io.art2mus.ffi.onnxruntime.OnnxAttribute;
import io.art2mus.ffi.onnxruntime.OnnxGraph;
import io.art2mus.ffi.onnxruntime.OnnxValue;
import io.art2mus.ffi.onnxruntime.TensorType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.ShapeException;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.OpenWeights;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * CLAP's text tower: RoBERTa, a pooler on the first token, and a projection into the space shared with sounds.
 *
 * @see <a href="https://arxiv.org/abs/2211.06687">Wu et al. 2023</a>
 */
public final class ClapText implements TextEncoder {
    private final EncoderSession session;
    private final Config config;

    private ClapText(EncoderSession session, Config config) {
        this.session = session;
        this.config = config;
    }

    /** What {@code text_encoder/config.json} says. */
    private record Config(
            int layers,
            int heads,
            long width,
            long hidden,
            long vocabulary,
            long positions,
            long types,
            long padding,
            double epsilon,
            long embeddingWidth) {
        static Config read(Path folder) {
            ModelConfig file = ModelConfig.read(folder.resolve("config.json"));
            ModelConfig text = file.at("text_config");
            text.choice("hidden_act", "gelu");
            file.choice("projection_hidden_act", "relu");
            int heads = text.integer("num_attention_heads", 1, 1_000);
            int width = text.integer("hidden_size", 1, 100_000);
            text.requireDivides("num_attention_heads", heads, "hidden_size", width);
            int positions = text.integer("max_position_embeddings", 2, 1_000_000);
            return new Config(
                    text.integer("num_hidden_layers", 1, 1_000),
                    heads,
                    width,
                    text.integer("intermediate_size", 1, 1_000_000),
                    text.integer("vocab_size", 1, 10_000_000),
                    positions,
                    text.integer("type_vocab_size", 1, 1_000),
                    text.integer("pad_token_id", 0, positions - 2),
                    text.number("layer_norm_eps", 0, 1),
                    file.integer("projection_dim", 1, 100_000));
        }

        /** Positions count on from the padding's. */
        long longestText() {
            return positions - padding - 1;
        }
    }

    /** Opens the tower in a checkpoint's {@code text_encoder} folder. */
    public static ClapText open(EncoderRuntime runtime, Path folder) {
        return open(runtime, folder, () -> WeightFile.openPart(folder));
    }

    /** The same with weights that somebody else knows how to open; they are closed with it. */
    public static ClapText open(EncoderRuntime runtime, Path folder, Supplier<? extends OpenWeights> weights) {
        Config config = Config.read(folder);
        EncoderSession session =
                EncoderSession.open(runtime, weights.get(), (layers, tree) -> describe(layers, tree, config));
        return new ClapText(session, config);
    }

    /**
     * Unit vectors of texts, {@code [N, D]}, D 512 in the published checkpoint, owned by {@code arena}. Padding does not change them: no
     * token attends to it, and places are counted without it.
     */
    @Override
    public HostTensor encode(Arena arena, Tokens tokens) {
        tokens.requireWithin(config.vocabulary, "CLAP");
        if (tokens.length() > config.longestText()) {
            throw new ShapeException(
                    "CLAP takes texts of up to " + config.longestText() + " tokens, not " + tokens.length());
        }
        return session.run(
                arena,
                Shape.of(tokens.texts(), config.embeddingWidth),
                new EncoderSession.Input(TensorType.INT64, tokens.shape(), tokens.ids()),
                new EncoderSession.Input(TensorType.INT64, tokens.shape(), tokens.mask()));
    }

    @Override
    public void close() {
        session.close();
    }

    private static void describe(LayerGraph layers, WeightTree weights, Config config) {
        OnnxValue ids = layers.integerInput("ids", OnnxGraph.ANY, OnnxGraph.ANY);
        OnnxValue mask = layers.integerInput("mask", OnnxGraph.ANY, OnnxGraph.ANY);
        long width = config.width;
        OnnxValue sequences = layers.concat(0, layers.extents(ids, 0, 2), layers.integers(width));
        OnnxValue everyQuery = layers.concat(
                0, layers.integers(1, 1), layers.concat(0, layers.extents(ids, 1, 2), layers.integers(1)));
        OnnxValue bias = layers.expand(layers.maskBias(mask), everyQuery);

        WeightTree text = weights.at("text_model");
        OnnxValue x = layers.reshape(embeddings(layers, text.at("embeddings"), ids, config), -1, width);
        for (int index = 0; index < config.layers; index++) {
            WeightTree layer = text.at("encoder").at("layer").at(index);
            OnnxValue attended = attention(layers, layer.at("attention"), x, sequences, bias, config);
            x = residual(layers, layer.at("attention").at("output"), attended, x, width, config);
            OnnxValue hidden =
                    layers.gelu(layers.linear(x, layer.at("intermediate").at("dense"), width, config.hidden));
            x = residual(layers, layer.at("output"), hidden, x, config.hidden, config);
        }

        OnnxValue first = layers.node(
                "Gather", List.of(layers.reshape(x, sequences), layers.integer(0)), OnnxAttribute.of("axis", 1));
        OnnxValue pooled = layers.node(
                "Tanh", List.of(layers.linear(first, text.at("pooler").at("dense"), width, width)));
        WeightTree projection = weights.at("text_projection");
        long embeddingWidth = config.embeddingWidth;
        OnnxValue projected =
                layers.node("Relu", List.of(layers.linear(pooled, projection.at("linear1"), width, embeddingWidth)));
        OnnxValue embedding = layers.linear(projected, projection.at("linear2"), embeddingWidth, embeddingWidth);
        layers.output(layers.normalise(embedding), OnnxGraph.ANY, embeddingWidth);
    }

    /** Word, type 0 and position; a token's position is the padding's id plus how many tokens are not padding so far. */
    private static OnnxValue embeddings(LayerGraph layers, WeightTree embeddings, OnnxValue ids, Config config) {
        OnnxValue padding = layers.integer(config.padding);
        OnnxValue own =
                layers.cast(layers.node("Not", List.of(layers.node("Equal", List.of(ids, padding)))), TensorType.INT64);
        OnnxValue running = layers.node("CumSum", List.of(own, layers.integer(1)));
        OnnxValue positions = layers.add(layers.multiply(running, own), padding);

        long width = config.width;
        OnnxValue words = layers.embedding(ids, embeddings.at("word_embeddings"), config.vocabulary, width);
        OnnxValue type = layers.weight(embeddings
                .at("token_type_embeddings")
                .parameter("weight", Shape.of(config.types, width))
                .rows(0, 1));
        OnnxValue places = layers.embedding(positions, embeddings.at("position_embeddings"), config.positions, width);
        OnnxValue sum = layers.add(layers.add(words, type), places);
        return layers.layerNorm(sum, embeddings.at("LayerNorm"), width, config.epsilon);
    }

    private static OnnxValue attention(
            LayerGraph layers, WeightTree attention, OnnxValue x, OnnxValue sequences, OnnxValue bias, Config config) {
        WeightTree self = attention.at("self");
        long width = config.width;
        OnnxValue query = layers.reshape(layers.linear(x, self.at("query"), width, width), sequences);
        OnnxValue key = layers.reshape(layers.linear(x, self.at("key"), width, width), sequences);
        OnnxValue value = layers.reshape(layers.linear(x, self.at("value"), width, width), sequences);
        double scale = 1 / Math.sqrt((double) width / config.heads);
        return layers.reshape(layers.attention(query, key, value, bias, config.heads, scale), -1, width);
    }

    /** A sub-layer's Linear back to the width, added to what went in, and normalised after that. */
    private static OnnxValue residual(
            LayerGraph layers, WeightTree output, OnnxValue inner, OnnxValue x, long in, Config config) {
        OnnxValue sum = layers.add(layers.linear(inner, output.at("dense"), in, config.width), x);
        return layers.layerNorm(sum, output.at("LayerNorm"), config.width, config.epsilon);
    }
}
