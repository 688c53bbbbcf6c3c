package io.art2mus.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.art2mus.Golden;
import io.art2mus.weights.ModelConfig;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One setting of the small checkpoint at a time is made impossible; the error names file and key. */
class RefusedConfigsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "down_block_types | ['DownBlock2D', 'AttnDownBlock2D', 'DownBlock2D', 'DownBlock2D'] | \"AttnDownBlock2D\"",
                "down_block_types | [] | down_block_types has 0 entries",
                "up_block_types | ['UpBlock2D'] | up_block_types 1",
                "up_block_types | ['UpBlock2D', 'UpBlock2D', 'UpBlock2D', 'UpBlock2D'] | its counterpart",
                "mid_block_type | 'UNetMidBlock2D' | mid_block_type is \"UNetMidBlock2D\"",
                "block_out_channels | [8, 16, 24, 0] | block_out_channels is 0",
                "block_out_channels | [8, 16, 24, -40] | block_out_channels is -40",
                "block_out_channels | [8, 16, 24, 99999999999] | block_out_channels is 99999999999",
                "block_out_channels | [8, 16, 24] | a list of 4 whole numbers",
                "block_out_channels | [8, 16, 24, 44] | norm_num_groups is 8, which does not divide block_out_channels 44",
                "block_out_channels | null | block_out_channels is null",
                "norm_num_groups | 5 | norm_num_groups is 5, which does not divide block_out_channels 8",
                "norm_num_groups | 0 | norm_num_groups is 0",
                "attention_head_dim | 3 | attention_head_dim is 3, which does not divide block_out_channels 16",
                "attention_head_dim | [2, 2, 2, 0] | attention_head_dim is 0",
                "layers_per_block | 0 | layers_per_block is 0",
                "layers_per_block | 1000000 | layers_per_block is 1000000",
                "transformer_layers_per_block | -1 | transformer_layers_per_block is -1",
                "in_channels | 0 | in_channels is 0",
                "in_channels | 1000000000 | in_channels is 1000000000",
                "out_channels | 16 | out_channels is not in_channels 8",
                "cross_attention_dim | 1280 | cross_attention_dim is 1280, expected a list",
                "cross_attention_dim | [[null, 48], [null, 0], [null, 48], [null, 48]] | cross_attention_dim is 0",
                "cross_attention_dim | [[], [], [], []] | cross_attention_dim 0 has 0 entries",
                "cross_attention_dim | [[null], [null], [null], [1, 2, 3, 4, 5]] | cross_attention_dim 3 has 5 entries",
                "norm_eps | -1 | norm_eps is -1",
                "act_fn | 'mish' | act_fn is \"mish\"",
                "resnet_time_scale_shift | 'scale_shift' | resnet_time_scale_shift is \"scale_shift\"",
                "time_embedding_dim | 64 | time_embedding_dim is 64, expected 32",
                "flip_sin_to_cos | false | flip_sin_to_cos is false",
                "use_linear_projection | true | use_linear_projection is true",
                "num_attention_heads | 4 | num_attention_heads is 4, expected null",
                "class_embed_type | 'timestep' | class_embed_type is \"timestep\"",
                "conv_in_kernel | 5 | conv_in_kernel is 5"
            })
    void tUnet(String key, String value, String message) throws IOException {
        requireRefused("unet", TUNetConfig::read, key, value, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "block_out_channels | [] | block_out_channels has 0 levels",
                "block_out_channels | [8, 8, 8, 8, 8, 8, 8, 8, 8] | block_out_channels has 9 levels",
                "block_out_channels | [8, 0, 32] | block_out_channels is 0",
                "block_out_channels | [8, 16, 2000000000] | block_out_channels is 2000000000",
                "down_block_types | ['DownEncoderBlock2D', 'AttnDownEncoderBlock2D'] | \"AttnDownEncoderBlock2D\"",
                "up_block_types | ['UpDecoderBlock2D'] | not the 3 entries of block_out_channels",
                "norm_num_groups | 3 | norm_num_groups is 3, which does not divide block_out_channels 8",
                "latent_channels | 0 | latent_channels is 0",
                "latent_channels | 1000000 | latent_channels is 1000000",
                "layers_per_block | -2 | layers_per_block is -2",
                "scaling_factor | 0 | scaling_factor is 0",
                "act_fn | 'relu' | act_fn is \"relu\"",
                "mid_block_add_attention | false | mid_block_add_attention is false, expected true",
                "use_quant_conv | false | use_quant_conv is false",
                "use_post_quant_conv | false | use_post_quant_conv is false"
            })
    void autoencoder(String key, String value, String message) throws IOException {
        requireRefused("vae", AutoencoderKlConfig::read, key, value, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "normalize_before | true | normalize_before is true",
                "normalize_before | null | normalize_before is true",
                "upsample_rates | [] | upsample_rates has 0 entries",
                "upsample_rates | [5, 4, 2, 2] | upsample_rates has 4 entries and upsample_kernel_sizes 5",
                "upsample_rates | [5, 4, 2, 2, 0] | upsample_rates is 0",
                "upsample_rates | [5, 4, 2, 2, 5] | upsample_rates has 5, which leaves gaps between kernels of 4 taps",
                "upsample_rates | [16, 16, 8, 4, 4] | upsample_rates make more than 4096 samples of a mel frame",
                "upsample_kernel_sizes | [16, 16, 8, 4, 1000000] | upsample_kernel_sizes is 1000000",
                "resblock_kernel_sizes | [3, 7, 10] | resblock_kernel_sizes has 10, expected odd ones",
                "resblock_kernel_sizes | [3, 7] | resblock_kernel_sizes has 2 entries and resblock_dilation_sizes 3",
                "resblock_dilation_sizes | [[1], [1], [-1]] | resblock_dilation_sizes is -1",
                "upsample_initial_channel | 31 | upsample_initial_channel 31 cannot be halved 5 times",
                "model_in_dim | 0 | model_in_dim is 0",
                "sampling_rate | 0 | sampling_rate is 0",
                "sampling_rate | 1000000000 | sampling_rate is 1000000000",
                "leaky_relu_slope | 'x' | leaky_relu_slope is \"x\""
            })
    void vocoder(String key, String value, String message) throws IOException {
        requireRefused("vocoder", HifiGanConfig::read, key, value, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n_embd | 0 | n_embd is 0",
                "n_embd | 100000 | n_embd is 100000",
                "n_head | 5 | n_head is 5, which does not divide n_embd 48",
                "n_head | 0 | n_head is 0",
                "n_layer | 1000000 | n_layer is 1000000",
                "n_positions | 0 | n_positions is 0",
                "n_inner | 100 | n_inner is 100, expected 192",
                "max_new_tokens | -8 | max_new_tokens is -8",
                "activation_function | 'relu' | activation_function is \"relu\"",
                "scale_attn_weights | false | scale_attn_weights is false",
                "scale_attn_by_inverse_layer_idx | true | scale_attn_by_inverse_layer_idx is true"
            })
    void languageModel(String key, String value, String message) throws IOException {
        requireRefused("language_model", Gpt2Config::read, key, value, message);
    }

    private void requireRefused(String part, Function<ModelConfig, ?> reader, String key, String value, String message)
            throws IOException {
        Path tiny = Golden.resource("tiny-audioldm2").resolve(part).resolve("config.json");
        ObjectNode config = (ObjectNode) JSON.readTree(tiny.toFile());
        config.set(key, JSON.readTree(value.replace('\'', '"')));
        Path changed = Files.createDirectory(folder.resolve(part)).resolve("config.json");
        JSON.writeValue(changed.toFile(), config);

        assertThatThrownBy(() -> reader.apply(ModelConfig.read(changed)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("(" + part + "/config.json)")
                .message()
                .hasLineCount(1)
                .contains(key);
    }
}
