package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.art2mus.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(10)
class SafetensorsFuzzTest {
    @TempDir
    private Path folder;

    static Stream<Named<byte[]>> files() throws IOException {
        byte[] byHand = SafetensorsBytes.aligned(
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[8,10]}}",
                new byte[10]);
        Path projection = Golden.resource("tiny-audioldm2/golden/image_projection.safetensors");
        return Stream.of(Named.of("by hand", byHand), Named.of("by PyTorch", Files.readAllBytes(projection)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void fileIsRead(byte[] bytes) {
        assertThat(WeightFuzzing.isRead(folder.resolve("w.safetensors"), bytes)).isTrue();
    }

    @MethodSource("files")
    @FuzzTest
    void damagedFileIsReadOrRefused(byte[] bytes) {
        WeightFuzzing.isRead(folder.resolve("w.safetensors"), bytes);
    }
}
