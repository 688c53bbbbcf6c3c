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
class TorchFileFuzzTest {
    @TempDir
    private Path folder;

    static Stream<Named<byte[]>> archives() throws IOException {
        TorchBytes zip = TorchBytes.honest();
        byte[] zip64 = zip.zip64(3, zip.end() - zip.directory(), zip.directory(), zip.end())
                .bytes();
        Path projection = Golden.resource("tiny-audioldm2/image_projection/art2mus_img_proj_layer.pt");
        return Stream.of(
                Named.of("by hand", TorchBytes.honest().bytes()),
                Named.of("by hand, zip64", zip64),
                Named.of("by PyTorch", Files.readAllBytes(projection)));
    }

    @ParameterizedTest
    @MethodSource("archives")
    void archiveIsRead(byte[] bytes) {
        assertThat(WeightFuzzing.isRead(folder.resolve("w.pth"), bytes)).isTrue();
    }

    @MethodSource("archives")
    @FuzzTest
    void damagedArchiveIsReadOrRefused(byte[] bytes) {
        WeightFuzzing.isRead(folder.resolve("w.pth"), bytes);
    }
}
