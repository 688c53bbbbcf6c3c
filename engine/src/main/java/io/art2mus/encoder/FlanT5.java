package io.art2mus.encoder;

import io.art2mus.ffi.onnxruntime.OnnxGraph;
import io.art2mus.ffi.onnxruntime.OnnxValue;
import io.art2mus.ffi.onnxruntime.TensorType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.OpenWeights;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import io.art2mus.weights.WeightsException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The encoder half of FLAN-T5: pre-norm without biases, gated feed forward, scores that are not scaled but shifted by how
 * far apart two tokens are.
 *
 * @see <a href="https://arxiv.org/abs/1910.10683">Raffel et al. 2020, section 2.1</a>
 */
public final class FlanT5 implements TextEncoder {
    private final EncoderSession session;
    private final Config config;

    private FlanT5(EncoderSession session, Config config) {
        this.session = session;
        this.config = config;
    }

    /** What {@code text_encoder_2/config.json} says; {@code inner} is the width of all heads together. */
    private record Config(
            int layers,
            int heads,
            long width,
            long inner,
            long hidden,
            long vocabulary,
            double epsilon,
            RelativePositions positions) {
        static Config read(Path folder) {
            ModelConfig file = ModelConfig.read(folder.resolve("config.json"));
            file.choice("feed_forward_proj", "gated-gelu");
            int heads = file.integer("num_heads", 1, 1_000);
            int buckets = file.integer("relative_attention_num_buckets", 4, 10_000);
            if (buckets % 4 != 0) {
                throw new WeightsException(
                        "relative_attention_num_buckets is " + buckets + ", expected a multiple of 4",
                        file.file(),
                        "is this the right configuration?");
            }
            return new Config(
                    file.integer("num_layers", 1, 1_000),
                    heads,
                    file.integer("d_model", 1, 100_000),
                    (long) heads * file.integer("d_kv", 1, 100_000),
                    file.integer("d_ff", 1, 1_000_000),
                    file.integer("vocab_size", 1, 10_000_000),
                    file.number("layer_norm_epsilon", 0, 1),
                    new RelativePositions(
                            buckets, file.integer("relative_attention_max_distance", buckets / 4 + 1, 1_000_000)));
        }
    }

    /** Opens the encoder in a checkpoint's {@code text_encoder_2} folder. */
    public static FlanT5 open(EncoderRuntime runtime, Path folder) {
        return open(runtime, folder, () -> WeightFile.openPart(folder));
    }

    /** The same with weights that somebody else knows how to open; they are closed with it. */
    public static FlanT5 open(EncoderRuntime runtime, Path folder, Supplier<? extends OpenWeights> weights) {
        Config config = Config.read(folder);
        EncoderSession session =
                EncoderSession.open(runtime, weights.get(), (layers, tree) -> describe(layers, tree, config));
        return new FlanT5(session, config);
    }

    /** States of every token, padding included, {@code [N, L, C]}, C 1024 in the published model, owned by {@code arena}. */
    @Override
    public HostTensor encode(Arena arena, Tokens tokens) {
        tokens.requireWithin(config.vocabulary, "FLAN-T5");
        long length = tokens.length();
        try (Arena scratch = Arena.ofConfined()) {
            return session.run(
                    arena,
                    Shape.of(tokens.texts(), length, config.width),
                    new EncoderSession.Input(TensorType.INT64, tokens.shape(), tokens.ids()),
                    new EncoderSession.Input(TensorType.INT64, tokens.shape(), tokens.mask()),
                    new EncoderSession.Input(
                            TensorType.INT64, Shape.of(length, length), config.positions.buckets(scratch, length)));
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private static void describe(LayerGraph layers, WeightTree weights, Config config) {
        OnnxValue ids = layers.integerInput("ids", OnnxGraph.ANY, OnnxGraph.ANY);
        OnnxValue mask = layers.integerInput("mask", OnnxGraph.ANY, OnnxGraph.ANY);
        OnnxValue buckets = layers.integerInput("buckets", OnnxGraph.ANY, OnnxGraph.ANY);
        long width = config.width;
        OnnxValue sequences = layers.concat(0, layers.extents(ids, 0, 2), layers.integers(config.inner));

        WeightTree encoder = weights.at("encoder");
        WeightTree firstAttention = encoder.at("block").at(0).at("layer").at(0).at("SelfAttention");
        OnnxValue distance = layers.embedding(
                buckets, firstAttention.at("relative_attention_bias"), config.positions.buckets(), config.heads);
        OnnxValue bias = layers.add(layers.transpose(distance, 2L, 0L, 1L), layers.maskBias(mask));

        OnnxValue words = layers.embedding(ids, weights.at("shared"), config.vocabulary, width);
        OnnxValue x = layers.reshape(words, -1, width);
        for (int index = 0; index < config.layers; index++) {
            WeightTree sublayers = encoder.at("block").at(index).at("layer");
            OnnxValue normed = layers.rmsNorm(x, sublayers.at(0).at("layer_norm"), width, config.epsilon);
            x = layers.add(x, attention(layers, sublayers.at(0).at("SelfAttention"), normed, sequences, bias, config));
            normed = layers.rmsNorm(x, sublayers.at(1).at("layer_norm"), width, config.epsilon);
            x = layers.add(x, feedForward(layers, sublayers.at(1).at("DenseReluDense"), normed, config));
        }
        OnnxValue states = layers.rmsNorm(x, encoder.at("final_layer_norm"), width, config.epsilon);
        OnnxValue shape = layers.concat(0, layers.extents(ids, 0, 2), layers.integers(width));
        layers.output(layers.reshape(states, shape), OnnxGraph.ANY, OnnxGraph.ANY, width);
    }

    private static OnnxValue attention(
            LayerGraph layers, WeightTree self, OnnxValue x, OnnxValue sequences, OnnxValue bias, Config config) {
        OnnxValue query = layers.reshape(layers.linear(x, self.at("q"), config.width, config.inner), sequences);
        OnnxValue key = layers.reshape(layers.linear(x, self.at("k"), config.width, config.inner), sequences);
        OnnxValue value = layers.reshape(layers.linear(x, self.at("v"), config.width, config.inner), sequences);
        OnnxValue mixed = layers.attention(query, key, value, bias, config.heads, 1);
        return layers.linear(layers.reshape(mixed, -1, config.inner), self.at("o"), config.inner, config.width);
    }

    private static OnnxValue feedForward(LayerGraph layers, WeightTree dense, OnnxValue x, Config config) {
        OnnxValue gate = layers.tanhGelu(layers.linear(x, dense.at("wi_0"), config.width, config.hidden));
        OnnxValue linear = layers.linear(x, dense.at("wi_1"), config.width, config.hidden);
        return layers.linear(layers.multiply(gate, linear), dense.at("wo"), config.hidden, config.width);
    }
}
