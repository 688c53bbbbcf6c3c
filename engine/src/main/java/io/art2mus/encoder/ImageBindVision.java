package io.art2mus.encoder;

import static io.art2mus.encoder.picture.PictureFrontEnd.SIDE;

import io.art2mus.ffi.onnxruntime.OnnxAttribute;
import io.art2mus.ffi.onnxruntime.OnnxGraph;
import io.art2mus.ffi.onnxruntime.OnnxValue;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.OpenWeights;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * ImageBind's picture tower: a vision transformer on patches of the picture, shown twice as the two frames of a clip.
 *
 * @see <a href="https://arxiv.org/abs/2305.05665">Girdhar et al. 2023, section 3.3</a>
 */
public final class ImageBindVision implements AutoCloseable {
    private static final int CHANNELS = 3;

    private final EncoderSession session;
    private final long embeddingWidth;

    private ImageBindVision(EncoderSession session, long embeddingWidth) {
        this.session = session;
        this.embeddingWidth = embeddingWidth;
    }

    /**
     * Opens the tower of a checkpoint such as {@code imagebind_huge.pth}. Head counts come from the JSON file of the same
     * stem, where there is one.
     */
    public static ImageBindVision open(EncoderRuntime runtime, Path checkpoint) {
        return open(runtime, checkpoint, () -> WeightFile.open(checkpoint));
    }

    /** The same with weights that somebody else knows how to open; they are closed with it. */
    public static ImageBindVision open(
            EncoderRuntime runtime, Path checkpoint, Supplier<? extends OpenWeights> weights) {
        int heads = ImageBindHeads.of(checkpoint).vision();
        OpenWeights opened = weights.get();
        EncoderSession session = EncoderSession.open(runtime, opened, (layers, tree) -> describe(layers, tree, heads));
        return new ImageBindVision(
                session, opened.tree().shapeOf("modality_heads.vision.2.weight").extent(0));
    }

    /**
     * Embeds pictures.
     *
     * @param pixels normalised, {@code [N, 3, 224, 224]}
     * @return unit vectors, {@code [N, D]}, owned by {@code arena}
     */
    public HostTensor encode(Arena arena, HostTensor pixels) {
        long count = pixels.shape().extent(0);
        Shape expected = Shape.of(count, CHANNELS, SIDE, SIDE);
        if (!pixels.shape().equals(expected)) {
            throw new IllegalArgumentException("pictures are " + pixels.shape() + ", expected " + expected);
        }
        return session.run(arena, Shape.of(count, embeddingWidth), EncoderSession.Input.of(pixels));
    }

    @Override
    public void close() {
        session.close();
    }

    private static void describe(LayerGraph layers, WeightTree weights, int heads) {
        WeightTree projection = weights.at("modality_preprocessors")
                .at("vision")
                .at("rgbt_stem")
                .at("proj")
                .at(1);
        Shape stored = projection.shapeOf("weight", 5);
        long width = stored.extent(0);
        long frames = stored.extent(2);
        long patch = stored.extent(3);
        Shape kernel = Shape.of(width, CHANNELS, frames, patch, patch);
        long patches = (SIDE / patch) * (SIDE / patch);
        ImageBindTower tower = new ImageBindTower(layers, weights, "vision", width, 1 + patches, heads);

        OnnxValue pixels = layers.input("pixels", OnnxGraph.ANY, CHANNELS, SIDE, SIDE);
        OnnxValue frame = layers.reshape(pixels, -1, CHANNELS, 1, SIDE, SIDE);
        OnnxValue clip = layers.concat(2, Collections.nCopies(Math.toIntExact(frames), frame));
        OnnxValue features = layers.node(
                "Conv",
                List.of(clip, layers.weight(projection.parameter("weight", kernel))),
                OnnxAttribute.of("strides", List.of(frames, patch, patch)));
        OnnxValue sequence = layers.transpose(layers.reshape(features, -1, width, patches), 0L, 2L, 1L);

        OnnxValue rows = layers.reshape(tower.withClassToken(sequence), -1, width);
        WeightTree norm = weights.at("modality_trunks")
                .at("vision")
                .at("pre_transformer_layer")
                .at(0);
        OnnxValue x = tower.transform(layers.layerNorm(rows, norm, width, ImageBindTower.EPSILON), false);
        WeightTree head = weights.at("modality_heads").at("vision");
        layers.output(tower.embed(tower.classToken(x), head.at(0), head.at(2)), OnnxGraph.ANY, OnnxGraph.ANY);
    }
}
