package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingFilesTest {
    @TempDir
    private Path folder;

    private Path file(String name, Map<String, Shape> tensors) {
        return VectorFile.write(folder.resolve(name), tensors, (_, i) -> i);
    }

    @Test
    void publishedKeysAreThePicturesNames() {
        Path pictures = file(
                "images.safetensors",
                Map.of("/data/x/imagesf2/a.jpg", Shape.of(3), "imagesf2/b/c.jpg", Shape.of(1, 3)));
        Path music = file("audios.safetensors", Map.of("../fma_large/010/010425.mp3", Shape.of(3)));

        try (EmbeddingFiles files = EmbeddingFiles.open(List.of(pictures, music));
                Arena arena = Arena.ofConfined()) {
            EmbeddingFiles.Embedding found = files.find("a.jpg", arena).orElseThrow();
            HostTensor vector = found.vector();

            assertThat(vector.shape()).isEqualTo(Shape.of(1, 3));
            assertThat(vector.data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(0, 1, 2);
            assertThat(found.file()).isEqualTo(pictures);
            assertThat(files.find("b/c.jpg", arena)).isPresent();
            assertThat(files.find("imagesf2/a.jpg", arena)).isPresent();
            assertThat(files.find("c.jpg", arena)).isEmpty();
        }
    }

    @Test
    void twoTensorsOfOnePictureAreRefused() {
        Path one = file("one.safetensors", Map.of("x/imagesf2/a.jpg", Shape.of(3)));
        Path two = file("two.safetensors", Map.of("a.jpg", Shape.of(3)));

        assertThatThrownBy(() -> EmbeddingFiles.open(List.of(one, two)))
                .isInstanceOf(DataException.class)
                .hasMessage(two + ": a.jpg and x/imagesf2/a.jpg of " + one
                        + " are embeddings of one picture; keep one of them");
    }

    @Test
    void tensorThatIsNoVectorIsRefused() {
        Path one = file("one.safetensors", Map.of("a.jpg", Shape.of(2, 3)));

        try (EmbeddingFiles files = EmbeddingFiles.open(List.of(one));
                Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> files.find("a.jpg", arena))
                    .isInstanceOf(DataException.class)
                    .hasMessage(one + ": a.jpg is [2, 3], expected one vector; give embeddings of single pictures");
        }
    }
}
