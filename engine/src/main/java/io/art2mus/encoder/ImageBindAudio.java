package io.art2mus.encoder;

import static io.art2mus.encoder.audio.AudioFrontEnd.BANDS;
import static io.art2mus.encoder.audio.AudioFrontEnd.CLIPS;
import static io.art2mus.encoder.audio.AudioFrontEnd.FRAMES;

import io.art2mus.ffi.onnxruntime.OnnxAttribute;
import io.art2mus.ffi.onnxruntime.OnnxGraph;
import io.art2mus.ffi.onnxruntime.OnnxValue;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightTree;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * ImageBind's sound tower: a vision transformer on overlapping patches of a filter bank, one two-second clip at a time.
 *
 * @see <a href="https://arxiv.org/abs/2305.05665">Girdhar et al. 2023, section 3.3</a>
 */
public final class ImageBindAudio implements AutoCloseable {
    /** Patches overlap: this is less than their side, and the weights do not tell it. */
    private static final long STRIDE = 10;

    /** The stem's norm keeps PyTorch's default, unlike all others of the model. */
    private static final double STEM_EPSILON = 1e-5;

    private final EncoderSession session;
    private final long embeddingWidth;

    private ImageBindAudio(EncoderSession session, long embeddingWidth) {
        this.session = session;
        this.embeddingWidth = embeddingWidth;
    }

    /** Opens the tower of a checkpoint such as {@code imagebind_huge.pth}; head counts as for {@link ImageBindVision}. */
    public static ImageBindAudio open(EncoderRuntime runtime, Path checkpoint) {
        int heads = ImageBindHeads.of(checkpoint).audio();
        WeightFile weights = WeightFile.open(checkpoint);
        EncoderSession session = EncoderSession.open(runtime, weights, (layers, tree) -> describe(layers, tree, heads));
        return new ImageBindAudio(
                session, weights.shapeOf("modality_heads.audio.2.weight").extent(0));
    }

    /**
     * Embeds sounds: the mean over their clips of unit vectors times 20, so of no fixed length.
     *
     * @param clips normalised filter banks, {@code [N, 3, 1, 128, 204]}
     * @return {@code [N, D]}, owned by {@code arena}
     */
    public HostTensor encode(Arena arena, HostTensor clips) {
        long count = clips.shape().extent(0);
        Shape expected = Shape.of(count, CLIPS, 1, BANDS, FRAMES);
        if (!clips.shape().equals(expected)) {
            throw new IllegalArgumentException("clips are " + clips.shape() + ", expected " + expected);
        }
        return session.run(arena, Shape.of(count, embeddingWidth), EncoderSession.Input.of(clips));
    }

    @Override
    public void close() {
        session.close();
    }

    private static void describe(LayerGraph layers, WeightTree weights, int heads) {
        WeightTree stem = weights.at("modality_preprocessors").at("audio").at("rgbt_stem");
        Shape stored = stem.at("proj").shapeOf("weight", 4);
        long width = stored.extent(0);
        long patch = stored.last();
        Shape kernel = Shape.of(width, 1, patch, patch);
        long patches = ((BANDS - patch) / STRIDE + 1) * ((FRAMES - patch) / STRIDE + 1);
        ImageBindTower tower = new ImageBindTower(layers, weights, "audio", width, 1 + patches, heads);

        OnnxValue clips = layers.input("clips", OnnxGraph.ANY, CLIPS, 1, BANDS, FRAMES);
        OnnxValue features = layers.node(
                "Conv",
                List.of(
                        layers.reshape(clips, -1, 1, BANDS, FRAMES),
                        layers.weight(stem.at("proj").parameter("weight", kernel))),
                OnnxAttribute.of("strides", List.of(STRIDE, STRIDE)));
        OnnxValue sequence = layers.transpose(layers.reshape(features, -1, width, patches), 0L, 2L, 1L);
        OnnxValue normed = layers.layerNorm(sequence, stem.at("norm_layer"), width, STEM_EPSILON);

        OnnxValue x = tower.transform(layers.reshape(tower.withClassToken(normed), -1, width), false);
        WeightTree head = weights.at("modality_heads").at("audio");
        OnnxValue embeddings = tower.scaled(tower.embed(tower.classToken(x), head.at(0), head.at(2)));
        long embeddingWidth = head.at(2).shapeOf("weight", 2).extent(0);
        OnnxValue mean = layers.node(
                "ReduceMean",
                List.of(layers.reshape(embeddings, -1, CLIPS, embeddingWidth), layers.integers(1)),
                OnnxAttribute.of("keepdims", 0));
        layers.output(mean, OnnxGraph.ANY, embeddingWidth);
    }
}
