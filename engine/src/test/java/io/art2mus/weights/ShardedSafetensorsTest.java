package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.Shape;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeShards() {
        shard("model-00001-of-00002.safetensors", "a.weight", 1);
        shard("model-00002-of-00002.safetensors", "b.weight", 2);
    }

    private void shard(String file, String tensor, float value) {
        SafetensorsBytes.write(
                folder.resolve(file),
                SafetensorsBytes.of(
                        "{\"" + tensor + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                        SafetensorsBytes.floats(value)));
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    @Test
    void shardsAreOneSetOfWeights() throws IOException {
        index("{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a.weight\":\"model-00001-of-00002.safetensors\","
                + "\"b.weight\":\"model-00002-of-00002.safetensors\"}}");
        try (WeightFile weights = WeightFile.openPart(folder)) {
            WeightTree tree = weights.tree();
            assertThat(tree.at("b").parameter("weight", Shape.of(1)).data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                    .isEqualTo(2);
            assertThat(tree.unused()).containsExactly("a.weight");
            weights.requireUnchanged();
            assertThatThrownBy(() -> tree.at("a").parameter("weight", Shape.of(2)))
                    .hasMessageContaining("model-00001-of-00002.safetensors");
            assertThatThrownBy(() -> tree.parameter("c", Shape.of(2)))
                    .hasMessageContaining("c is missing")
                    .hasMessageContaining("model.safetensors.index.json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../model.safetensors",
                "..",
                "/etc/passwd",
                "/etc/model.safetensors",
                "sub/model.safetensors",
                "sub\\\\model.safetensors",
                ".hidden.safetensors",
                "model.pth",
                "model\\u0000.safetensors",
                ""
            })
    void shardElsewhereIsRefused(String shard) throws IOException {
        Path index = index("{\"weight_map\":{\"a.weight\":\"" + shard + "\"}}");
        assertThatThrownBy(() -> ShardedSafetensors.open(index))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("a.weight is said to lie in")
                .hasMessageContaining("which is no plain .safetensors name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                                              | no JSON object
            {}                                                              | no tensor in its weight_map
            {"weight_map":[]}                                               | no single weight_map
            {"weight_map":{"a":1}}                                          | a is said to lie in null
            {"weight_map":{"a":"m.safetensors","a":"m.safetensors"}}        | a is there twice
            {"weight_map":{"a":"m.safetensors"},"weight_map":{}}            | no single weight_map
            {"weight_map":{"a":"m.safetensors"}} 1                          | something follows the JSON
            {"weight_map":{"a":"m.safetensors"}                             | no valid JSON
            {"weight_map":{"c":"model-00001-of-00002.safetensors"}}         | c is not in model-00001-of-00002
            {"weight_map":{"a":"model-00003-of-00003.safetensors"}}         | no such file
            """)
    void lyingIndexIsRefused(String json, String message) throws IOException {
        Path index = index(json);
        assertThatThrownBy(() -> ShardedSafetensors.open(index))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void deepIndexIsRefused() throws IOException {
        Path index = index("{\"metadata\":" + "[".repeat(100_000));
        assertThatThrownBy(() -> ShardedSafetensors.open(index))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("nesting depth");
    }
}
