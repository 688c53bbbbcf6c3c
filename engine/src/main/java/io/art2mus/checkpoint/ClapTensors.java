package io.art2mus.checkpoint;

import io.art2mus.weights.ModelConfig;
import java.util.List;

/**
 * Parameters of CLAP, {@code ClapModel} of transformers: the text tower, which is RoBERTa, and the sound tower, a Swin transformer
 * that nothing here computes yet and the published checkpoints hold.
 */
final class ClapTensors {
    private static final int MOST = 1 << 20;

    private final ModelConfig file;
    private final TensorList model = TensorList.create();

    private ClapTensors(ModelConfig file) {
        this.file = file;
    }

    /** Both towers of {@code text_encoder/config.json}. */
    static List<NewTensor> of(ModelConfig file) {
        ClapTensors clap = new ClapTensors(file);
        Filling logitScale = Filling.constant(Math.log(file.number("logit_scale_init_value", 1, MOST)));
        clap.model.add("logit_scale_a", logitScale);
        clap.model.add("logit_scale_t", logitScale);
        clap.text(file.at("text_config"));
        clap.sound(file.at("audio_config"));
        return clap.model.all();
    }

    private void text(ModelConfig config) {
        int width = config.integer("hidden_size", 1, MOST);
        int hidden = config.integer("intermediate_size", 1, MOST);
        int positions = config.integer("max_position_embeddings", 1, MOST);
        TensorList text = model.at("text_model");
        TensorList embeddings = text.at("embeddings");
        embeddings.add("position_ids", new Filling.Integers(place -> place), 1, positions);
        embeddings.add("token_type_ids", new Filling.Integers(place -> 0), 1, positions);
        embeddings.add("word_embeddings.weight", config.integer("vocab_size", 1, MOST), width);
        embeddings.add("position_embeddings.weight", positions, width);
        embeddings.add("token_type_embeddings.weight", config.integer("type_vocab_size", 1, MOST), width);
        embeddings.norm("LayerNorm", width);
        for (int layer = 0; layer < config.integer("num_hidden_layers", 1, MOST); layer++) {
            TensorList block = text.at("encoder.layer").at(layer);
            TensorList attention = block.at("attention");
            attention(attention.at("self"), width);
            attention.linear("output.dense", width, width);
            attention.norm("output.LayerNorm", width);
            block.linear("intermediate.dense", width, hidden);
            block.linear("output.dense", hidden, width);
            block.norm("output.LayerNorm", width);
        }
        text.linear("pooler.dense", width, width);
        projection("text_projection", width);
    }

    private void sound(ModelConfig config) {
        TensorList encoder = model.at("audio_model.audio_encoder");
        int patches = config.integer("patch_embeds_hidden_size", 1, MOST);
        int patch = config.integer("patch_size", 1, MOST);
        encoder.add(
                "patch_embed.proj.weight",
                patches,
                config.integer("patch_embed_input_channels", 1, MOST),
                patch,
                patch);
        encoder.add("patch_embed.proj.bias", patches);
        encoder.norm("patch_embed.norm", patches);
        int bands = config.integer("num_mel_bins", 1, MOST);
        encoder.norm("batch_norm", bands);
        encoder.add("batch_norm.running_mean", Filling.constant(0), bands);
        encoder.add("batch_norm.running_var", Filling.constant(1), bands);
        encoder.add("batch_norm.num_batches_tracked", new Filling.Integers(place -> 0));

        List<Integer> depths = config.integers("depths", 1, MOST);
        List<Integer> heads = config.integers("num_attention_heads", depths.size(), 1, MOST);
        int window = config.integer("window_size", 1, 1 << 10);
        double ratio = config.number("mlp_ratio", 1, MOST);
        int width = patches;
        for (int level = 0; level < depths.size(); level++) {
            TensorList layer = encoder.at("layers").at(level);
            for (int depth = 0; depth < depths.get(level); depth++) {
                swinBlock(layer.at("blocks").at(depth), width, heads.get(level), window, (int) (width * ratio));
            }
            if (level < depths.size() - 1) {
                layer.add("downsample.reduction.weight", 2L * width, 4L * width);
                layer.norm("downsample.norm", 4L * width);
                width *= 2;
            }
        }
        encoder.norm("norm", config.integer("hidden_size", 1, MOST));
        projection("audio_projection", width);
    }

    private static void swinBlock(TensorList block, int width, int heads, int window, int hidden) {
        block.norm("layernorm_before", width);
        TensorList self = block.at("attention.self");
        long distances = 2L * window - 1;
        long positions = (long) window * window;
        self.add("relative_position_bias_table", distances * distances, heads);
        self.add(
                "relative_position_index",
                new Filling.Integers(place -> distance(place / positions, place % positions, window)),
                positions,
                positions);
        attention(self, width);
        block.linear("attention.output.dense", width, width);
        block.norm("layernorm_after", width);
        block.linear("intermediate.dense", width, hidden);
        block.linear("output.dense", hidden, width);
    }

    /** The row of a bias table for two positions of a window: how far apart they are, in both directions. */
    private static long distance(long query, long key, int window) {
        long down = query / window - key / window + window - 1;
        long right = query % window - key % window + window - 1;
        return down * (2L * window - 1) + right;
    }

    private static void attention(TensorList self, int width) {
        self.linear("query", width, width);
        self.linear("key", width, width);
        self.linear("value", width, width);
    }

    private void projection(String name, int width) {
        int joint = file.integer("projection_dim", 1, MOST);
        model.linear(name + ".linear1", width, joint);
        model.linear(name + ".linear2", joint, joint);
    }
}
