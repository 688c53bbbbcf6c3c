package io.art2mus.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One setting of a text encoder at a time is made impossible; the error names file and key before a weight is opened. */
class RefusedEncoderConfigsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num_attention_heads | 0 | text_config.num_attention_heads is 0",
                "num_attention_heads | 3 | text_config.num_attention_heads is 3, which does not divide hidden_size 32",
                "hidden_size | -32 | text_config.hidden_size is -32",
                "hidden_size | 4000000000 | text_config.hidden_size is 4000000000",
                "num_hidden_layers | 1000000 | text_config.num_hidden_layers is 1000000",
                "vocab_size | 0 | text_config.vocab_size is 0",
                "pad_token_id | 39 | text_config.pad_token_id is 39",
                "layer_norm_eps | 2 | text_config.layer_norm_eps is 2",
                "hidden_act | \"silu\" | text_config.hidden_act is \"silu\""
            })
    void clap(String key, String value, String message) throws IOException {
        requireRefused("text_encoder", "\"text_config\"", ClapText::open, key, value, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num_heads | 0 | num_heads is 0",
                "num_layers | 1000000 | num_layers is 1000000",
                "d_model | -1 | d_model is -1",
                "d_kv | 1000000 | d_kv is 1000000",
                "d_ff | 0 | d_ff is 0",
                "vocab_size | 300.5 | vocab_size is 300.5",
                "relative_attention_num_buckets | 30 | relative_attention_num_buckets is 30, expected a multiple of 4",
                "relative_attention_max_distance | 8 | relative_attention_max_distance is 8",
                "feed_forward_proj | \"relu\" | feed_forward_proj is \"relu\""
            })
    void flanT5(String key, String value, String message) throws IOException {
        requireRefused("text_encoder_2", "{", FlanT5::open, key, value, message);
    }

    private void requireRefused(
            String part,
            String after,
            BiFunction<EncoderRuntime, Path, ?> opener,
            String key,
            String value,
            String message)
            throws IOException {
        String config = Files.readString(References.TINY.resolve(part).resolve("config.json"));
        int start = config.indexOf("\"" + key + "\":", config.indexOf(after));
        int end = config.indexOf('\n', start);
        assertThat(start).isPositive();
        Path changed = Files.createDirectory(folder.resolve(part));
        String comma = config.charAt(end - 1) == ',' ? "," : "";
        Files.writeString(
                changed.resolve("config.json"),
                config.substring(0, start) + "\"" + key + "\": " + value + comma + config.substring(end));

        try (EncoderRuntime runtime = EncoderRuntime.open(1)) {
            assertThatThrownBy(() -> opener.apply(runtime, changed))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining(message)
                    .hasMessageContaining("(" + part + "/config.json)")
                    .message()
                    .hasLineCount(1);
        }
    }
}
