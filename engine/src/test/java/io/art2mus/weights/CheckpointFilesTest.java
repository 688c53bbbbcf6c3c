package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real files: those of the small model that ships, and those PyTorch wrote for the tiny one. */
class CheckpointFilesTest {
    private static final Path MINI = Golden.mini();
    private static final Path TINY = Golden.resource("tiny-audioldm2");

    @TempDir
    private Path folder;

    static Stream<Path> imageProjections() {
        return Stream.of(MINI, TINY).map(checkpoint -> checkpoint.resolve("image_projection"));
    }

    @ParameterizedTest
    @MethodSource("imageProjections")
    void torchFileEqualsSafetensorsBitForBit(Path projections) {
        for (String variant : List.of("art2mus", "art2mus_4")) {
            try (WeightFile torch = WeightFile.open(projections.resolve(variant + "_img_proj_layer.pt"));
                    WeightFile safetensors = WeightFile.open(projections.resolve(variant + ".safetensors"))) {
                assertThat(torch.names()).hasSize(4).containsExactlyInAnyOrderElementsOf(safetensors.names());
                for (String name : torch.names()) {
                    assertSameBits(torch.parameter(name), safetensors.parameter(name));
                }
            }
        }
    }

    private static void assertSameBits(Parameter actual, Parameter expected) {
        assertThat(actual.dtype()).isEqualTo(expected.dtype());
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.isContiguous()).isTrue();
        assertThat(actual.data().mismatch(expected.data())).isEqualTo(-1);
    }

    static Stream<Path> imageBinds() {
        return Stream.of(MINI.resolve("imagebind/imagebind_mini.pth"), TINY.resolve("imagebind_tiny.pth"));
    }

    @ParameterizedTest
    @MethodSource("imageBinds")
    void everyTensorOfImageBindIsReadable(Path file) {
        try (TorchFile imageBind = TorchFile.open(file)) {
            assertThat(imageBind.names())
                    .contains(
                            "modality_preprocessors.vision.cls_token",
                            "modality_trunks.vision.blocks.0.attn.in_proj_weight");
            for (String name : imageBind.names()) {
                Parameter parameter = imageBind.parameter(name);
                assertThat(parameter.data().byteSize())
                        .isEqualTo(
                                parameter.shape().elements() * parameter.dtype().bytes());
                assertThat(parameter.data().isMapped()).as(name).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"unet", "vae", "vocoder", "language_model", "projection_model", "text_encoder", "text_encoder_2"
            })
    void everyPartOfTheSmallModelIsMapped(String part) {
        try (WeightFile weights = WeightFile.openPart(MINI.resolve(part))) {
            assertThat(weights.names()).isNotEmpty();
            for (String name : weights.names()) {
                Parameter parameter = weights.parameter(name);
                assertThat(parameter.dtype()).isIn(DType.F16, DType.I64);
                assertThat(parameter.data().isMapped()).as(name).isTrue();
            }
            weights.requireUnchanged();
        }
    }

    @Test
    void metadataOfASafetensorsFileIsRead() {
        try (SafetensorsFile vae = SafetensorsFile.open(MINI.resolve("vae/diffusion_pytorch_model.safetensors"))) {
            assertThat(vae.metadata()).containsExactlyEntriesOf(Map.of("format", "pt"));
        }
    }

    @Test
    void weightsBehindSymbolicLinksAreFound() throws IOException {
        Path blob = Files.copy(
                MINI.resolve("projection_model/diffusion_pytorch_model.safetensors"), folder.resolve("0a1b2c"));
        Path part = Files.createDirectories(folder.resolve("snapshots/1/projection_model"));
        Files.createSymbolicLink(part.resolve("diffusion_pytorch_model.safetensors"), part.relativize(blob));
        Path linkedPart = Files.createSymbolicLink(folder.resolve("linked"), part);

        try (WeightFile weights = WeightFile.openPart(linkedPart)) {
            assertThat(weights.tree().has("projection.weight")).isTrue();
        }
    }

    @Test
    void partInPytorchFormatIsFoundAndSafetensorsPreferred() throws IOException {
        Path projections = MINI.resolve("image_projection");
        Files.copy(projections.resolve("art2mus_img_proj_layer.pt"), folder.resolve("pytorch_model.bin"));
        try (WeightFile weights = WeightFile.openPart(folder)) {
            assertThat(weights).isInstanceOf(TorchFile.class);
        }
        Files.copy(projections.resolve("art2mus.safetensors"), folder.resolve("model.safetensors"));
        try (WeightFile weights = WeightFile.openPart(folder)) {
            assertThat(weights).isInstanceOf(SafetensorsFile.class);
        }
    }

    @Test
    void treeTakesParametersByPathAndListsTheRest() {
        try (WeightFile weights = WeightFile.openPart(MINI.resolve("projection_model"))) {
            WeightTree tree = weights.tree();
            WeightTree projection = tree.at("projection");
            Shape shape = projection.shapeOf("weight");

            Parameter weight = projection.parameter("weight", shape);

            assertThat(weight.path()).isEqualTo("projection.weight");
            assertThat(projection.unused()).containsExactly("projection.bias");
            assertThat(tree.unused())
                    .hasSize(weights.names().size() - 1)
                    .doesNotContain("projection.weight")
                    .contains("sos_embed");
        }
    }

    @Test
    void misshapenParameterNamesItselfItsShapesAndItsFile() {
        try (WeightFile weights = WeightFile.openPart(MINI.resolve("unet"))) {
            WeightTree block =
                    weights.tree().at("down_blocks").at(1).at("resnets").at(0);
            assertThatThrownBy(() -> block.at("conv1").parameter("bias", Shape.of(7)))
                    .isInstanceOf(WeightsException.class)
                    .hasMessage("down_blocks.1.resnets.0.conv1.bias is "
                            + block.shapeOf("conv1.bias")
                            + ", expected [7] (unet/diffusion_pytorch_model.safetensors);"
                            + " is this checkpoint of the audioldm2 family?");
        }
    }

    @Test
    void missingParameterNamesItselfAndItsFile() {
        try (WeightFile weights = WeightFile.openPart(MINI.resolve("vae"))) {
            assertThatThrownBy(() -> weights.tree().at("decoder").parameter("nothing", Shape.of(1)))
                    .isInstanceOf(WeightsException.class)
                    .hasMessage("decoder.nothing is missing (vae/diffusion_pytorch_model.safetensors);"
                            + " is this checkpoint of the audioldm2 family?");
        }
    }
}
