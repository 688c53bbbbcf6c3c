package io.art2mus.checkpoint;

import io.art2mus.checkpoint.ImageBindSizes.Tower;
import java.util.List;

/** Parameters of ImageBind: the three towers that are used here, and the published file's other three. */
final class ImageBindTensors {
    /** Patches of 14 × 14 in a picture of 224, two frames at once. */
    private static final int[] VISION_KERNEL = {3, 2, 14, 14};

    private static final int VISION_POSITIONS = 1 + 16 * 16;
    private static final int TEXT_POSITIONS = 77;
    /** Patches of 16 × 16, every 10, in a filter bank of 128 × 204. */
    private static final int[] PATCH_KERNEL = {1, 16, 16};

    private static final int AUDIO_POSITIONS = 1 + 12 * 19;
    /** Patches of 16 × 16 in a picture of 224. */
    private static final int PICTURE_POSITIONS = 1 + 14 * 14;
    /** Six sensors, 2000 samples, 8 at once. */
    private static final int IMU_POSITIONS = 1 + 2000 / 8;

    private static final int IMU_SAMPLES = 6 * 8;

    private final ImageBindSizes sizes;
    private final TensorList model = TensorList.create();

    private ImageBindTensors(ImageBindSizes sizes) {
        this.sizes = sizes;
    }

    /** All parameters, in the order of the model's parts. */
    static List<NewTensor> of(ImageBindSizes sizes) {
        ImageBindTensors imageBind = new ImageBindTensors(sizes);
        imageBind.stems();
        imageBind.trunks();
        imageBind.heads();
        imageBind.logitScales();
        return imageBind.model.all();
    }

    private void stems() {
        TensorList stems = model.at("modality_preprocessors");
        int vision = sizes.vision().width();
        classToken(stems.at("vision"), vision, VISION_POSITIONS);
        kernel(stems.at("vision.rgbt_stem.proj.1"), vision, VISION_KERNEL);

        int text = sizes.text().width();
        stems.add("text.pos_embed", 1, TEXT_POSITIONS, text);
        stems.add("text.mask", new Filling.Numbers(ImageBindTensors::causalMask), TEXT_POSITIONS, TEXT_POSITIONS);
        stems.add("text.token_embedding.weight", sizes.vocabulary(), text);

        patches(stems.at("audio"), "rgbt_stem", sizes.audio(), AUDIO_POSITIONS);
        patches(stems.at("depth"), "depth_stem", sizes.depth(), PICTURE_POSITIONS);
        patches(stems.at("thermal"), "rgbt_stem", sizes.thermal(), PICTURE_POSITIONS);

        int imu = sizes.imu().width();
        TensorList imuStem = stems.at("imu");
        imuStem.add("pos_embed", 1, IMU_POSITIONS, imu);
        imuStem.add("cls_token", 1, 1, imu);
        imuStem.add("imu_stem.proj.weight", imu, IMU_SAMPLES);
        imuStem.norm("imu_stem.norm_layer", imu);
    }

    /** A position sees itself and what stands before it. */
    private static double causalMask(long place) {
        return place % TEXT_POSITIONS > place / TEXT_POSITIONS ? Double.NEGATIVE_INFINITY : 0;
    }

    private static void classToken(TensorList stem, int width, int positions) {
        stem.add("cls_token", 1, 1, width);
        stem.add("pos_embedding_helper.pos_embed", 1, positions, width);
    }

    private static void patches(TensorList modality, String stem, Tower tower, int positions) {
        classToken(modality, tower.width(), positions);
        kernel(modality.at(stem).at("proj"), tower.width(), PATCH_KERNEL);
        modality.at(stem).norm("norm_layer", tower.width());
    }

    private static void kernel(TensorList convolution, int width, int[] kernel) {
        long[] extents = new long[kernel.length + 1];
        extents[0] = width;
        for (int axis = 0; axis < kernel.length; axis++) {
            extents[axis + 1] = kernel[axis];
        }
        convolution.add("weight", extents);
    }

    private void trunks() {
        TensorList trunks = model.at("modality_trunks");
        trunks.at("vision").norm("pre_transformer_layer.0", sizes.vision().width());
        blocks(trunks.at("vision"), sizes.vision(), false);
        blocks(trunks.at("text"), sizes.text(), false);
        blocks(trunks.at("audio"), sizes.audio(), true);
        blocks(trunks.at("depth"), sizes.depth(), true);
        blocks(trunks.at("thermal"), sizes.thermal(), true);
        blocks(trunks.at("imu"), sizes.imu(), true);
    }

    private static void blocks(TensorList trunk, Tower tower, boolean hasLearnedPosition) {
        int width = tower.width();
        for (int index = 0; index < tower.blocks(); index++) {
            TensorList block = trunk.at("blocks").at(index);
            TensorList attention = block.at("attn");
            attention.add("in_proj_weight", 3L * width, width);
            attention.add("in_proj_bias", 3L * width);
            if (hasLearnedPosition) {
                attention.add("bias_k", 1, 1, width);
                attention.add("bias_v", 1, 1, width);
            }
            attention.linear("out_proj", width, width);
            block.norm("norm_1", width);
            block.linear("mlp.fc1", width, 4L * width);
            block.linear("mlp.fc2", 4L * width, width);
            block.norm("norm_2", width);
        }
    }

    private void heads() {
        head("vision", sizes.vision(), 2);
        head("text.proj", sizes.text(), 1);
        head("audio", sizes.audio(), 2);
        head("depth", sizes.depth(), 2);
        head("thermal", sizes.thermal(), 2);
        head("imu", sizes.imu(), 3);
    }

    /** Between a head's norm and its Linear stand modules without parameters, which count. */
    private void head(String name, Tower tower, int linear) {
        TensorList head = model.at("modality_heads").at(name);
        head.norm("0", tower.width());
        head.at(linear).add("weight", sizes.embedding(), tower.width());
    }

    private void logitScales() {
        logitScale("text", 1 / 0.07);
        logitScale("audio", 20);
        logitScale("depth", 5);
        logitScale("thermal", 10);
        logitScale("imu", 5);
    }

    private void logitScale(String modality, double scale) {
        model.at("modality_postprocessors")
                .at(modality)
                .at(1)
                .add("log_logit_scale", Filling.constant(Math.log(scale)));
    }
}
