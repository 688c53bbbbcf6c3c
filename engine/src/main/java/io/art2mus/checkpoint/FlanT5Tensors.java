package io.art2mus.checkpoint;

import io.art2mus.weights.ModelConfig;
import java.util.List;

/** Parameters of FLAN-T5's encoder, {@code T5EncoderModel} of transformers. */
final class FlanT5Tensors {
    private static final int MOST = 1 << 20;

    private FlanT5Tensors() {}

    /** The encoder of {@code text_encoder_2/config.json}. */
    static List<NewTensor> of(ModelConfig file) {
        int heads = file.integer("num_heads", 1, MOST);
        int headWidth = file.integer("d_kv", 1, MOST);
        int inner = Math.multiplyExact(heads, headWidth);
        int width = file.integer("d_model", 1, MOST);
        int hidden = file.integer("d_ff", 1, MOST);
        // Scores are not scaled, so the queries have to be.
        Filling queries = new Filling.Normal(0, 1 / Math.sqrt((double) width * headWidth));

        TensorList model = TensorList.create();
        model.add("shared.weight", file.integer("vocab_size", 1, MOST), width);
        TensorList encoder = model.at("encoder");
        for (int block = 0; block < file.integer("num_layers", 1, MOST); block++) {
            TensorList layers = encoder.at("block").at(block).at("layer");
            TensorList attention = layers.at(0).at("SelfAttention");
            attention.add("q.weight", queries, inner, width);
            attention.add("k.weight", inner, width);
            attention.add("v.weight", inner, width);
            attention.add("o.weight", width, inner);
            if (block == 0) {
                int buckets = file.integer("relative_attention_num_buckets", 1, MOST);
                attention.add("relative_attention_bias.weight", buckets, heads);
            }
            layers.at(0).add("layer_norm.weight", width);
            TensorList dense = layers.at(1).at("DenseReluDense");
            dense.add("wi_0.weight", hidden, width);
            dense.add("wi_1.weight", hidden, width);
            dense.add("wo.weight", width, hidden);
            layers.at(1).add("layer_norm.weight", width);
        }
        encoder.add("final_layer_norm.weight", width);
        return model.all();
    }
}
