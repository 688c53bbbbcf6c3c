package io.art2mus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.train.InitialProjection.Widths;
import io.art2mus.weights.WeightsException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InitialProjectionTest {
    /** {@code torch.manual_seed(7)}, then {@code Linear(5, 3)} and {@code Linear(3, 4)}, in PyTorch 2: weights and biases in turn. */
    private static final float[] PYTORCH = {
        0.031235669f,
        -0.26939863f,
        0.14240327f,
        0.14032692f,
        -0.23902532f,
        -0.067027114f,
        -0.26199022f,
        0.11603973f,
        -0.12046489f,
        0.31418395f,
        0.31747082f,
        0.045557834f,
        -0.19065699f,
        -0.2626759f,
        -0.04911284f,
        -0.12585847f,
        0.19711424f,
        -0.38187397f,
        0.5426164f,
        -0.45288908f,
        0.44210896f,
        -0.100259505f,
        0.2969826f,
        0.22499053f,
        0.024167942f,
        0.10765412f,
        0.4384446f,
        0.14848189f,
        0.30631167f,
        -0.4466144f,
        0.41100746f,
        0.19870614f,
        0.14624348f,
        0.07975824f
    };

    private static final Widths MINI = new Widths(128, 192, 96);

    @Test
    void aFreshLayerIsPyTorchsBitForBit() {
        try (TrainingState state = InitialProjection.fresh(new Widths(5, 3, 4), 7)) {
            assertThat(state.weights().all().data().toArray(ValueLayout.JAVA_FLOAT))
                    .isEqualTo(PYTORCH);
        }
    }

    @Test
    void bothFileFormatsBeginAlike() {
        Path layers = Golden.mini().resolve("image_projection");
        try (TrainingState one = InitialProjection.read(layers.resolve("art2mus.safetensors"), MINI);
                TrainingState other = InitialProjection.read(layers.resolve("art2mus_img_proj_layer.pt"), MINI)) {
            assertThat(one.weights().all().data().mismatch(other.weights().all().data()))
                    .isEqualTo(-1);
        }
    }

    @Test
    void aLayerOfAnotherVariantIsNamed() {
        Path layer = Golden.mini().resolve("image_projection/art2mus_4.safetensors");
        assertThatThrownBy(() -> InitialProjection.read(layer, MINI))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("projection2.weight")
                .hasMessageContaining("art2mus_4.safetensors");
    }
}
