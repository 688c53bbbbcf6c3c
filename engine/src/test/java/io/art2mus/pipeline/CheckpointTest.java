package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a checkpoint's parts are looked for. */
class CheckpointTest {
    private static final Path TINY = Golden.resource("tiny-audioldm2").toAbsolutePath();

    @TempDir
    private Path folder;

    @BeforeEach
    void beginAsACheckpoint() throws IOException {
        Files.createFile(folder.resolve("model_index.json"));
    }

    @Test
    void aFolderWithoutIndexIsNoCheckpoint() throws IOException {
        Files.delete(folder.resolve("model_index.json"));
        assertThatThrownBy(() -> new Checkpoint(folder))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("no checkpoint here: model_index.json is missing")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void partsBehindSymbolicLinksLoad() throws IOException {
        Path part = Files.createDirectory(folder.resolve("projection_model"));
        for (String file : new String[] {"config.json", "diffusion_pytorch_model.safetensors"}) {
            Files.createSymbolicLink(
                    part.resolve(file), TINY.resolve("projection_model").resolve(file));
        }
        Checkpoint linked = new Checkpoint(folder);
        assertThat(linked.config("projection_model").integer("text_encoder_dim", 1, 10_000))
                .isPositive();
        try (WeightFile weights = linked.weights("projection_model")) {
            assertThat(weights.names()).contains("sos_embed", "projection_1.weight");
        }
    }

    @Test
    void anImageProjectionIsTakenFromSafetensorsAndElseFromTorch() throws IOException {
        Path projections = Files.createDirectory(folder.resolve("image_projection"));
        Checkpoint checkpoint = new Checkpoint(folder);
        assertThatThrownBy(() -> checkpoint.imageProjection(Variant.ART2MUS_4))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("art2mus_4.safetensors or art2mus_4_img_proj_layer.pt");

        copy("art2mus_4_img_proj_layer.pt", projections);
        requireProjectionFrom("art2mus_4_img_proj_layer.pt", checkpoint);
        copy("art2mus_4.safetensors", projections);
        requireProjectionFrom("art2mus_4.safetensors", checkpoint);
    }

    private static void copy(String file, Path to) throws IOException {
        Files.copy(TINY.resolve("image_projection").resolve(file), to.resolve(file));
    }

    private static void requireProjectionFrom(String file, Checkpoint checkpoint) {
        assertThat(checkpoint.imageProjection(Variant.ART2MUS_4)).hasFileName(file);
    }

    @Test
    void imageBindIsLookedForInItsFolderAndElseBesideTheIndex() throws IOException {
        Checkpoint checkpoint = new Checkpoint(folder);
        assertThatThrownBy(checkpoint::imageBind).hasMessageContaining("no ImageBind weights");

        Path beside = Files.createFile(folder.resolve("imagebind_huge.pth"));
        assertThat(checkpoint.imageBind()).isEqualTo(beside);
        Path inFolder = Files.createFile(
                Files.createDirectory(folder.resolve("imagebind")).resolve("any name.pth"));
        assertThat(checkpoint.imageBind()).isEqualTo(inFolder);

        Files.createFile(folder.resolve("imagebind").resolve("another.pth"));
        assertThatThrownBy(checkpoint::imageBind)
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("2 ImageBind weights");
    }
}
