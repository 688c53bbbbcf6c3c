package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(10)
class ShardIndexFuzzTest {
    @TempDir
    private Path folder;

    static Stream<Named<byte[]>> indices() {
        String index = "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"m-1.safetensors\"}}";
        return Stream.of(Named.of("by hand", index.getBytes(StandardCharsets.UTF_8)));
    }

    @BeforeEach
    void writeShard() {
        SafetensorsBytes.write(
                folder.resolve("m-1.safetensors"),
                SafetensorsBytes.of("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]));
    }

    @ParameterizedTest
    @MethodSource("indices")
    void indexIsRead(byte[] bytes) {
        assertThat(WeightFuzzing.isRead(folder.resolve("m.safetensors.index.json"), bytes))
                .isTrue();
    }

    @MethodSource("indices")
    @FuzzTest
    void damagedIndexIsReadOrRefused(byte[] bytes) {
        WeightFuzzing.isRead(folder.resolve("m.safetensors.index.json"), bytes);
    }
}
