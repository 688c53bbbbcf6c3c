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

class ShardedWeightsTest {
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

    @Test
    void shardsOfPyTorchAreOneSetOfWeights() throws IOException {
        torchShard("pytorch_model-00001-of-00002.bin", "a.weight", 1);
        torchShard("pytorch_model-00002-of-00002.bin", "b.weight", 2);
        Files.writeString(
                folder.resolve("pytorch_model.bin.index.json"),
                "{\"metadata\":{},\"weight_map\":{\"a.weight\":\"pytorch_model-00001-of-00002.bin\","
                        + "\"b.weight\":\"pytorch_model-00002-of-00002.bin\"}}");
        try (WeightFile weights = WeightFile.openPart(folder)) {
            assertThat(weights.names()).containsExactly("a.weight", "b.weight");
            assertThat(weights.parameter("b.weight").data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                    .isEqualTo(2);
            assertThat(weights.fileOf("b.weight")).hasFileName("pytorch_model-00002-of-00002.bin");
        }
    }

    private void torchShard(String file, String tensor, float value) {
        byte[] pickle = PickleBytes.stateDict(tensor, 1, 0, new long[] {1}, new long[] {1});
        SafetensorsBytes.write(
                folder.resolve(file),
                TorchBytes.of(pickle, SafetensorsBytes.floats(value)).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../w.bin", "/tmp/w.bin", "..", "a/w.bin", ".bin", "model-00001-of-00002.safetensors"})
    void shardOfPyTorchElsewhereOrOfAnotherKindIsRefused(String shard) throws IOException {
        Path index = Files.writeString(
                folder.resolve("pytorch_model.bin.index.json"), "{\"weight_map\":{\"a.weight\":\"" + shard + "\"}}");
        assertThatThrownBy(() -> WeightFile.open(index))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("a.weight is said to lie in")
                .hasMessageContaining("which is no plain .bin name");
    }

    @Test
    void shardThatShrinksIsNoticedByItsName() throws IOException {
        index("{\"weight_map\":{\"a.weight\":\"model-00001-of-00002.safetensors\","
                + "\"b.weight\":\"model-00002-of-00002.safetensors\"}}");
        try (WeightFile weights = WeightFile.openPart(folder)) {
            Files.write(folder.resolve("model-00002-of-00002.safetensors"), new byte[3]);
            assertThatThrownBy(weights::requireUnchanged)
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("bytes when opened and is 3 now")
                    .hasMessageContaining("model-00002-of-00002.safetensors");
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
        assertThatThrownBy(() -> ShardedWeights.open(index))
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
            {"weight_map":{"a":"m.bin"}}                                        | no plain .safetensors name
            {"weight_map":{"c":"model-00001-of-00002.safetensors"}}         | c is not in model-00001-of-00002
            {"weight_map":{"a":"model-00003-of-00003.safetensors"}}         | no such file
            """)
    void lyingIndexIsRefused(String json, String message) throws IOException {
        Path index = index(json);
        assertThatThrownBy(() -> ShardedWeights.open(index))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void deepIndexIsRefused() throws IOException {
        Path index = index("{\"metadata\":" + "[".repeat(100_000));
        assertThatThrownBy(() -> ShardedWeights.open(index))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("nesting depth");
    }
}
