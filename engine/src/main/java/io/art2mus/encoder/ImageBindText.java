package io.art2mus.encoder;

import io.art2mus.ffi.onnxruntime.OnnxAttribute;
import io.art2mus.ffi.onnxruntime.OnnxGraph;
import io.art2mus.ffi.onnxruntime.OnnxValue;
import io.art2mus.ffi.onnxruntime.TensorType;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * ImageBind's text tower: a causal transformer on CLIP's byte pairs, read at the end token, which has the largest id.
 *
 * @see <a href="https://arxiv.org/abs/2305.05665">Girdhar et al. 2023, section 3.3</a>
 */
public final class ImageBindText implements AutoCloseable {
    private final EncoderSession session;
    private final long vocabulary;
    private final long length;
    private final long embeddingWidth;

    private ImageBindText(EncoderSession session, WeightTree weights) {
        this.session = session;
        WeightTree stem = weights.at("modality_preprocessors").at("text");
        this.vocabulary = stem.at("token_embedding").shapeOf("weight").extent(0);
        this.length = stem.shapeOf("pos_embed").extent(1);
        this.embeddingWidth = weights.at("modality_heads")
                .at("text")
                .at("proj")
                .at(1)
                .shapeOf("weight")
                .extent(0);
    }

    /** Opens the tower of a checkpoint such as {@code imagebind_huge.pth}; head counts as for {@link ImageBindVision}. */
    public static ImageBindText open(EncoderRuntime runtime, Path checkpoint) {
        int heads = ImageBindHeads.of(checkpoint).text();
        WeightFile weights = WeightFile.open(checkpoint);
        EncoderSession session = EncoderSession.open(runtime, weights, (layers, tree) -> describe(layers, tree, heads));
        return new ImageBindText(session, weights.tree());
    }

    /**
     * Embeds texts.
     *
     * @param tokens padded with id 0 to the model's length, 77 in the published one; their mask does not matter, for
     *     nothing after the end token is seen
     * @return unit vectors times the checkpoint's logit scale, {@code [N, D]}, owned by {@code arena}
     */
    public HostTensor encode(Arena arena, Tokens tokens) {
        tokens.requireWithin(vocabulary, "ImageBind");
        if (tokens.length() != length) {
            throw new IllegalArgumentException(
                    "ImageBind takes texts of " + length + " tokens, padded with 0, not " + tokens.length());
        }
        return session.run(
                arena,
                Shape.of(tokens.texts(), embeddingWidth),
                new EncoderSession.Input(TensorType.INT64, tokens.shape(), tokens.ids()));
    }

    @Override
    public void close() {
        session.close();
    }

    private static void describe(LayerGraph layers, WeightTree weights, int heads) {
        WeightTree stem = weights.at("modality_preprocessors").at("text");
        Shape positionShape = stem.shapeOf("pos_embed", 3);
        long length = positionShape.extent(1);
        long width = positionShape.last();
        long vocabulary = stem.at("token_embedding").shapeOf("weight", 2).extent(0);
        ImageBindTower tower = new ImageBindTower(layers, weights, "text", width, length, heads);

        OnnxValue ids = layers.integerInput("ids", OnnxGraph.ANY, length);
        OnnxValue words = layers.embedding(ids, stem.at("token_embedding"), vocabulary, width);
        OnnxValue positions = layers.weight(stem.parameter("pos_embed", Shape.of(1, length, width)));
        OnnxValue x = tower.transform(layers.reshape(layers.add(words, positions), -1, width), true);

        OnnxValue end = layers.node("ArgMax", List.of(ids), OnnxAttribute.of("axis", 1));
        OnnxValue last = layers.node(
                "GatherND", List.of(layers.reshape(x, -1, length, width), end), OnnxAttribute.of("batch_dims", 1));
        WeightTree head = weights.at("modality_heads").at("text").at("proj");
        layers.output(tower.scaled(tower.embed(last, head.at(0), head.at(1))), OnnxGraph.ANY, OnnxGraph.ANY);
    }
}
