package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {
    @TempDir
    private Path folder;

    private ModelConfig config(String json) throws IOException {
        return ModelConfig.read(Files.writeString(folder.resolve("config.json"), json));
    }

    @Test
    void everyKindOfValueOfTheTUNetIsRead() {
        ModelConfig unet = ModelConfig.read(Golden.resource("tiny-audioldm2/unet/config.json"));

        assertThat(unet.integers("block_out_channels", 1, 10_000)).containsExactly(8, 16, 24, 40);
        assertThat(unet.integer("layers_per_block", 1, 8)).isEqualTo(2);
        assertThat(unet.integers("layers_per_block", 4, 1, 8)).containsExactly(2, 2, 2, 2);
        assertThat(unet.optionalIntegerLists("cross_attention_dim", 1, 10_000))
                .hasSize(4)
                .containsOnly(List.of(OptionalInt.empty(), OptionalInt.of(48), OptionalInt.of(64)));
        assertThat(unet.number("norm_eps", 0, 1)).isEqualTo(1e-5);
        assertThat(unet.flag("flip_sin_to_cos")).isTrue();
        assertThat(unet.choice("act_fn", "silu", "gelu")).isEqualTo("silu");
        assertThat(unet.choices("down_block_types", "DownBlock2D", "CrossAttnDownBlock2D"))
                .hasSize(4);
        assertThat(unet.text("_class_name")).isEqualTo("AudioLDM2UNet2DConditionModel");
        assertThat(unet.has("class_embed_type")).isFalse();
        assertThat(unet.has("nothing")).isFalse();
        assertThat(unet.has("act_fn")).isTrue();
    }

    @Test
    void nestedObjectsNameTheirFullKey() throws IOException {
        ModelConfig clap = config("{\"text_config\": {\"hidden_size\": 0, \"dilations\": [[1, 3], [5]]}}");
        ModelConfig text = clap.at("text_config");
        assertThat(text.integerLists("dilations", 1, 9)).containsExactly(List.of(1, 3), List.of(5));
        assertThatThrownBy(() -> text.integer("hidden_size", 1, 4096))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("text_config.hidden_size is 0, expected a whole number from 1 to 4096 (")
                .hasMessageContaining("config.json)");
    }

    @Test
    void valuesOfAnotherTypeOrOutOfBoundsAreRefused() throws IOException {
        ModelConfig config = config("""
                {"zero": 0, "negative": -3, "huge": 99999999999999999999, "fraction": 1.5, "text": "x",
                 "list": [1, 0], "endless": 1e999, "null": null, "nested": [[1], 2], "types": ["Down", "Evil"]}
                """);
        assertRefused(() -> config.integer("zero", 1, 10), "zero is 0, expected a whole number from 1 to 10");
        assertRefused(() -> config.integer("negative", 1, 10), "negative is -3");
        assertRefused(() -> config.integer("huge", 1, Integer.MAX_VALUE), "huge is 99999999999999999999");
        assertRefused(() -> config.integer("fraction", 1, 10), "fraction is 1.5");
        assertRefused(() -> config.integer("null", 1, 10), "null is null");
        assertRefused(() -> config.integer("missing", 1, 10), "missing is missing");
        assertRefused(() -> config.integers("list", 1, 10), "list is 0");
        assertRefused(() -> config.integers("list", 3, 0, 10), "list is [1,0], expected a list of 3 whole numbers");
        assertRefused(() -> config.integers("text", 1, 10), "text is \"x\", expected a list");
        assertRefused(() -> config.number("endless", 0, 1e300), "expected a number from 0.0 to 1.0E300");
        assertRefused(() -> config.number("text", 0, 1), "text is \"x\"");
        assertRefused(() -> config.flag("zero"), "zero is 0, expected true or false");
        assertRefused(() -> config.text("zero"), "zero is 0, expected a text");
        assertRefused(() -> config.choices("types", "Down", "Up"), "types is \"Evil\", expected Down or Up");
        assertRefused(() -> config.integerLists("nested", 1, 9), "nested is 2, expected a list");
        assertRefused(() -> config.at("list"), "list is [1,0], expected an object");
    }

    private static void assertRefused(ThrowingCallable read, String message) {
        assertThatThrownBy(read)
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("config.json); is this the right configuration?")
                .message()
                .hasLineCount(1);
    }

    @Test
    void defaultsStandForAbsentAndNullValuesAlone() throws IOException {
        ModelConfig config = config("{\"given\": 3, \"null\": null, \"other\": null}")
                .withDefaults(Map.of("given", 1, "null", 2, "absent", List.of(4)));
        assertThat(config.integer("given", 0, 9)).isEqualTo(3);
        assertThat(config.integer("null", 0, 9)).isEqualTo(2);
        assertThat(config.integers("absent", 0, 9)).containsExactly(4);
        assertRefused(() -> config.integer("other", 0, 9), "other is null");
    }

    @Test
    void onlyTheKnownValueIsAccepted() throws IOException {
        ModelConfig config = config("{\"zero\": 0.0, \"yes\": true, \"null\": null}");
        config.requireOnly("zero", 0);
        config.requireOnly("null", 7);
        config.requireOnly("absent", "text");
        config.requireAbsent("null", "absent");
        assertRefused(() -> config.requireOnly("yes", false), "yes is true, expected false");
        assertRefused(() -> config.requireOnly("zero", 1), "zero is 0.0, expected 1");
        assertRefused(() -> config.requireAbsent("null", "yes"), "yes is true, expected null");
        assertRefused(
                () -> config.requireDivides("heads", 5, "width", 12), "heads is 5, which does not divide width 12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":NaN}", "\u0000\u0001"})
    void whatIsNoObjectIsRefused(String json) {
        assertThatThrownBy(() -> config(json))
                .isInstanceOf(WeightsException.class)
                .message()
                .hasLineCount(1);
    }

    @Test
    void deepAndLongConfigurationsAreRefused() {
        assertThatThrownBy(() -> config("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("nesting depth");
        assertThatThrownBy(() -> config("{\"a\":\"" + "x".repeat(5 << 20) + "\"}"))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("longer than");
    }
}
