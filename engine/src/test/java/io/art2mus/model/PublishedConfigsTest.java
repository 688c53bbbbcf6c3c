package io.art2mus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.model.HifiGanConfig.ResidualBlock;
import io.art2mus.model.HifiGanConfig.Stage;
import io.art2mus.model.TUNetConfig.Level;
import io.art2mus.model.TUNetConfig.Stream;
import io.art2mus.weights.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks of the published checkpoints, from the settings that their authors gave diffusers and transformers. */
class PublishedConfigsTest {
    @TempDir
    private Path folder;

    private ModelConfig config(String json) throws IOException {
        return ModelConfig.read(Files.writeString(folder.resolve("config.json"), json));
    }

    private static String tUnet(String streams, int transformerLayers) {
        String level = "[" + streams + "]";
        return """
                {"_class_name": "AudioLDM2UNet2DConditionModel", "act_fn": "silu", "attention_head_dim": 8,
                 "block_out_channels": [128, 256, 384, 640], "class_embed_type": null, "class_embeddings_concat": false,
                 "conv_in_kernel": 3, "conv_out_kernel": 3, "cross_attention_dim": [%1$s, %1$s, %1$s, %1$s],
                 "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
                 "downsample_padding": 1, "flip_sin_to_cos": true, "freq_shift": 0, "in_channels": 8, "layers_per_block": 2,
                 "mid_block_scale_factor": 1, "mid_block_type": "UNetMidBlock2DCrossAttn", "norm_eps": 1e-05,
                 "norm_num_groups": 32, "num_attention_heads": null, "num_class_embeds": null, "only_cross_attention": false,
                 "out_channels": 8, "projection_class_embeddings_input_dim": null, "resnet_time_scale_shift": "default",
                 "sample_size": 256, "time_cond_proj_dim": null, "time_embedding_act_fn": null, "time_embedding_dim": null,
                 "time_embedding_type": "positional", "timestep_post_act": null, "transformer_layers_per_block": %2$d,
                 "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
                 "upcast_attention": false, "use_linear_projection": false}
                """.formatted(level, transformerLayers);
    }

    /** audioldm2 and audioldm2-music have the same networks and other weights. */
    @Test
    void tUnetOfAudioldm2AndOfMusicHasThreeStreamsOfOneLayer() throws IOException {
        List<Stream> streams = List.of(Stream.SELF, Stream.LOA, Stream.T5);
        requireFourLevels(TUNetConfig.read(config(tUnet("null, 768, 1024", 1))), streams, 1);
    }

    @Test
    void tUnetOfAudioldm2LargeHasASecondSelfAttentionAndTwoLayers() throws IOException {
        List<Stream> streams = List.of(Stream.SELF, Stream.LOA, Stream.T5, Stream.SELF);
        requireFourLevels(TUNetConfig.read(config(tUnet("null, 768, 1024, null", 2))), streams, 2);
    }

    private static void requireFourLevels(TUNetConfig tUnet, List<Stream> streams, int transformerLayers) {
        assertThat(tUnet)
                .isEqualTo(new TUNetConfig(
                        8,
                        32,
                        1e-5f,
                        List.of(
                                new Level(128, 2, 8, transformerLayers, streams, false),
                                new Level(256, 2, 8, transformerLayers, streams, true),
                                new Level(384, 2, 8, transformerLayers, streams, true),
                                new Level(640, 2, 8, transformerLayers, streams, true))));
    }

    @ParameterizedTest
    @CsvSource({"'\"norm_num_groups\": 32,'", "'\"norm_num_groups\": null, \"mid_block_add_attention\": true,'"})
    void autoencoderDividesByFourIntoEightChannels(String varying) throws IOException {
        AutoencoderKlConfig vae = AutoencoderKlConfig.read(config("""
                {"_class_name": "AutoencoderKL", %s "act_fn": "silu", "block_out_channels": [128, 256, 512],
                 "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
                 "force_upcast": true, "in_channels": 1, "latent_channels": 8, "layers_per_block": 2, "out_channels": 1,
                 "sample_size": 1024, "scaling_factor": 0.411,
                 "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"]}
                """.formatted(varying)));

        assertThat(vae).isEqualTo(new AutoencoderKlConfig(8, 1, List.of(128, 256, 512), 2, 32, 0.411));
        assertThat(vae.factor()).isEqualTo(4);
    }

    @Test
    void vocoderMakes160SamplesOfAFrame() throws IOException {
        HifiGanConfig vocoder = HifiGanConfig.read(config("""
                {"architectures": ["SpeechT5HifiGan"], "initializer_range": 0.01, "leaky_relu_slope": 0.1,
                 "model_in_dim": 64, "model_type": "hifigan", "normalize_before": false,
                 "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]], "resblock_kernel_sizes": [3, 7, 11],
                 "sampling_rate": 16000, "upsample_initial_channel": 1024, "upsample_kernel_sizes": [16, 16, 8, 4, 4],
                 "upsample_rates": [5, 4, 2, 2, 2]}
                """));

        List<Integer> dilations = List.of(1, 3, 5);
        assertThat(vocoder)
                .isEqualTo(new HifiGanConfig(
                        64,
                        1024,
                        16000,
                        List.of(new Stage(5, 16), new Stage(4, 16), new Stage(2, 8), new Stage(2, 4), new Stage(2, 4)),
                        List.of(
                                new ResidualBlock(3, dilations),
                                new ResidualBlock(7, dilations),
                                new ResidualBlock(11, dilations)),
                        0.1f));
        assertThat(vocoder.hop()).isEqualTo(160);
        assertThat(vocoder.samples(1024)).isEqualTo(1024 * 160 + 32);
    }

    /** The count of new tokens was added to the file later than the checkpoints were made. */
    @ParameterizedTest
    @CsvSource({"'\"max_new_tokens\": 8,'", "''"})
    void languageModelMakesEightTokens(String varying) throws IOException {
        Gpt2Config gpt2 = Gpt2Config.read(config("""
                {"activation_function": "gelu_new", "architectures": ["GPT2Model"], "attn_pdrop": 0.1,
                 "bos_token_id": 50256, "embd_pdrop": 0.1, "eos_token_id": 50256, "initializer_range": 0.02,
                 "layer_norm_epsilon": 1e-05, %s "model_type": "gpt2", "n_ctx": 1024, "n_embd": 768, "n_head": 12,
                 "n_inner": null, "n_layer": 12, "n_positions": 1024, "reorder_and_upcast_attn": false,
                 "resid_pdrop": 0.1, "scale_attn_by_inverse_layer_idx": false, "scale_attn_weights": true}
                """.formatted(varying)));

        assertThat(gpt2).isEqualTo(new Gpt2Config(768, 12, 12, 1024, 8, 1e-5f));
    }

    /** What early versions of diffusers did not write. */
    @Test
    void settingsThatAreAbsentOrNullTakeTheirLibrarysDefaults() throws IOException {
        TUNetConfig tUnet = TUNetConfig.read(config("""
                {"block_out_channels": [64, 96], "in_channels": 8, "out_channels": 8, "attention_head_dim": null,
                 "cross_attention_dim": [[null, 48], [null, 48]], "mid_block_type": null,
                 "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
                 "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"]}
                """));

        List<Stream> streams = List.of(Stream.SELF, Stream.LOA);
        assertThat(tUnet)
                .isEqualTo(new TUNetConfig(
                        8,
                        32,
                        1e-5f,
                        List.of(new Level(64, 2, 8, 1, streams, false), new Level(96, 2, 8, 1, streams, true))));
    }
}
