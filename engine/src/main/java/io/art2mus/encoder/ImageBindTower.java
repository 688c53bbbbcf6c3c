package io.art2mus.encoder;

import io.art2mus.ffi.onnxruntime.OnnxAttribute;
import io.art2mus.ffi.onnxruntime.OnnxValue;
import io.art2mus.graph.Shape;
import io.art2mus.graph.ShapeException;
import io.art2mus.weights.WeightTree;
import java.util.List;

/**
 * What ImageBind's picture, sound and text towers share: positions, a pre-norm transformer, and a head on one position.
 *
 * @param weights the whole checkpoint
 * @param modality {@code vision}, {@code audio} or {@code text}
 * @param width channels
 * @param length positions of a sequence
 * @param heads attention heads; divides the width
 * @see <a href="https://arxiv.org/abs/2305.05665">Girdhar et al. 2023, section 3</a>
 */
record ImageBindTower(LayerGraph layers, WeightTree weights, String modality, long width, long length, int heads) {
    /** Of every layer normalisation but the audio stem's. */
    static final double EPSILON = 1e-6;

    ImageBindTower {
        if (heads < 1 || width % heads != 0) {
            throw new ShapeException("ImageBind's " + modality + " tower has " + width + " channels, which " + heads
                    + " heads do not divide; name its head count in the JSON file beside the checkpoint");
        }
    }

    /** {@code modality_preprocessors} of this tower. */
    WeightTree stem() {
        return weights.at("modality_preprocessors").at(modality);
    }

    /** Puts the class token before patches {@code [N, L-1, C]} and adds the learned positions; {@code [N, L, C]}. */
    OnnxValue withClassToken(OnnxValue patches) {
        OnnxValue token = perSequence(layers.weight(stem().parameter("cls_token", Shape.of(1, 1, width))), patches);
        OnnxValue positions =
                layers.weight(stem().at("pos_embedding_helper").parameter("pos_embed", Shape.of(1, length, width)));
        return layers.add(layers.concat(1, token, patches), positions);
    }

    /** Rows {@code [N·L, C]} through all blocks. */
    OnnxValue transform(OnnxValue rows, boolean causal) {
        WeightTree blocks = weights.at("modality_trunks").at(modality).at("blocks");
        OnnxValue x = rows;
        for (int index = 0; blocks.at(index).at("norm_1").has("weight"); index++) {
            WeightTree block = blocks.at(index);
            OnnxValue attended = layers.layerNorm(x, block.at("norm_1"), width, EPSILON);
            x = layers.add(x, attention(block.at("attn"), attended, causal));
            OnnxValue hidden = layers.layerNorm(x, block.at("norm_2"), width, EPSILON);
            x = layers.add(x, perceptron(block.at("mlp"), hidden));
        }
        return x;
    }

    /** The class token of every sequence in rows {@code [N·L, C]}; {@code [N, C]}. */
    OnnxValue classToken(OnnxValue rows) {
        return layers.node(
                "Gather",
                List.of(layers.reshape(rows, -1, length, width), layers.integer(0)),
                OnnxAttribute.of("axis", 1));
    }

    /** The head's layer normalisation and Linear to the joint space, then unit length; {@code [N, D]}. */
    OnnxValue embed(OnnxValue position, WeightTree norm, WeightTree projection) {
        long embeddingWidth = projection.shapeOf("weight", 2).extent(0);
        OnnxValue x = layers.layerNorm(position, norm, width, EPSILON);
        return layers.normalise(layers.linear(x, projection, width, embeddingWidth));
    }

    /** Times the checkpoint's own {@code exp(log_logit_scale)}, at most 100. */
    OnnxValue scaled(OnnxValue embeddings) {
        OnnxValue logarithm = layers.weight(
                weights.at("modality_postprocessors").at(modality).at(1).parameter("log_logit_scale", Shape.of()));
        OnnxValue factor = layers.node("Min", List.of(layers.node("Exp", List.of(logarithm)), layers.number(100)));
        return layers.multiply(embeddings, factor);
    }

    private OnnxValue attention(WeightTree attention, OnnxValue rows, boolean causal) {
        OnnxValue packed = layers.gemm(
                rows,
                attention.parameter("in_proj_weight", Shape.of(3 * width, width)),
                attention.parameter("in_proj_bias", Shape.of(3 * width)));
        List<OnnxValue> parts = layers.split(packed, 1, 3);
        OnnxValue query = layers.reshape(parts.get(0), -1, length, width);
        OnnxValue key = layers.reshape(parts.get(1), -1, length, width);
        OnnxValue value = layers.reshape(parts.get(2), -1, length, width);
        if (attention.has("bias_k")) {
            key = appended(key, attention, "bias_k");
            value = appended(value, attention, "bias_v");
        }
        double scale = 1 / Math.sqrt((double) width / heads);
        OnnxValue mixed = causal
                ? layers.causalAttention(query, key, value, heads, scale)
                : layers.attention(query, key, value, OnnxValue.NONE, heads, scale);
        return layers.linear(layers.reshape(mixed, -1, width), attention.at("out_proj"), width, width);
    }

    /** One more position, the same for every sequence and not projected. */
    private OnnxValue appended(OnnxValue sequences, WeightTree attention, String name) {
        OnnxValue position = layers.weight(attention.parameter(name, Shape.of(1, 1, width)));
        return layers.concat(1, sequences, perSequence(position, sequences));
    }

    private OnnxValue perSequence(OnnxValue position, OnnxValue sequences) {
        return layers.expand(position, layers.concat(0, layers.extents(sequences, 0, 1), layers.integers(1, width)));
    }

    private OnnxValue perceptron(WeightTree mlp, OnnxValue rows) {
        long hidden = mlp.at("fc1").shapeOf("weight", 2).extent(0);
        OnnxValue x = layers.gelu(layers.linear(rows, mlp.at("fc1"), width, hidden));
        return layers.linear(x, mlp.at("fc2"), hidden, width);
    }
}
