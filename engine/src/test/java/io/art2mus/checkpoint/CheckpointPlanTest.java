package io.art2mus.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Golden;
import io.art2mus.checkpoint.CheckpointPlan.WeightPlan;
import io.art2mus.graph.DType;
import io.art2mus.graph.Shape;
import io.art2mus.weights.WeightFile;
import io.art2mus.weights.WeightWriter.Declaration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tensors a new checkpoint has. */
class CheckpointPlanTest {
    private static CheckpointPlan plan(Preset preset, CheckpointPart part) {
        return CheckpointPlan.of(preset, EnumSet.of(part), DType.F32, 0);
    }

    /** The fixture was saved by diffusers and transformers themselves. */
    @ParameterizedTest
    @CsvSource({
        "UNET, unet",
        "VAE, vae",
        "VOCODER, vocoder",
        "LANGUAGE_MODEL, language_model",
        "PROJECTION_MODEL, projection_model",
        "TEXT_ENCODER, text_encoder",
        "TEXT_ENCODER_2, text_encoder_2"
    })
    void everyPartHasTheTensorsThatItsLibrarySaved(CheckpointPart part, String folder) {
        WeightPlan planned = plan(Presets.tiny(), part).weights().getFirst();
        try (WeightFile saved =
                WeightFile.openPart(Golden.resource("tiny-audioldm2").resolve(folder))) {
            requireSame(planned, saved, Set.of());
        }
    }

    /** The fixture's ImageBind lacks the three towers that nothing here uses. */
    @Test
    void imageBindHasTheTensorsOfItsFixtureAndThreeTowersMore() {
        WeightPlan planned =
                plan(Presets.tiny(), CheckpointPart.IMAGEBIND).weights().getFirst();
        try (WeightFile saved = WeightFile.open(Golden.resource("tiny-audioldm2/imagebind_tiny.pth"))) {
            requireSame(planned, saved, Set.of(".depth.", ".thermal.", ".imu."));
        }
    }

    private static void requireSame(WeightPlan planned, WeightFile saved, Set<String> besides) {
        Map<String, Shape> expected = new LinkedHashMap<>();
        saved.names().forEach(name -> expected.put(name, saved.shapeOf(name)));
        Map<String, Shape> actual = new LinkedHashMap<>();
        planned.declarations(DType.F32).stream()
                .filter(tensor -> besides.stream().noneMatch(tensor.name()::contains))
                .forEach(tensor -> actual.put(tensor.name(), tensor.shape()));
        assertThat(actual).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "audioldm2, UNET, 1520, 346943496",
        "audioldm2-music, UNET, 1520, 346943496",
        "audioldm2-large, UNET, 3216, 718012296",
        "audioldm2, VAE, 204, 55376873",
        "audioldm2, VOCODER, 196, 55265025",
        "audioldm2, LANGUAGE_MODEL, 148, 124439808",
        "audioldm2, PROJECTION_MODEL, 8, 1184256",
        "audioldm2, TEXT_ENCODER, 555, 193988767",
        "audioldm2, TEXT_ENCODER_2, 219, 341231104"
    })
    void publishedPartsHaveAsManyElementsAsInTheirLibraries(
            String preset, CheckpointPart part, int tensors, long elements) {
        WeightPlan planned = plan(Preset.named(preset), part).weights().getFirst();
        assertThat(planned.tensors()).hasSize(tensors);
        assertThat(planned.declarations(DType.F32).stream()
                        .map(Declaration::shape)
                        .mapToLong(Shape::elements)
                        .sum())
                .isEqualTo(elements);
    }
}
