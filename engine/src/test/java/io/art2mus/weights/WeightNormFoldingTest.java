package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.art2mus.graph.DType;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightNormFoldingTest {
    @TempDir
    private Path folder;

    /** A convolution of two outputs with the lengths 10 and 3 and these two directions, under the names given. */
    private SafetensorsFile convolution(String length, String direction, float... directions) {
        String header = "{\"conv." + length + "\":{\"dtype\":\"F32\",\"shape\":[2,1,1],\"data_offsets\":[0,8]},"
                + "\"conv." + direction + "\":{\"dtype\":\"F32\",\"shape\":[2,1,2],\"data_offsets\":[8,24]},"
                + "\"conv.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[24,28]}}";
        byte[] data = new byte[28];
        System.arraycopy(SafetensorsBytes.floats(10, 3), 0, data, 0, 8);
        System.arraycopy(SafetensorsBytes.floats(directions), 0, data, 8, 16);
        return SafetensorsFile.open(
                SafetensorsBytes.write(folder.resolve("v.safetensors"), SafetensorsBytes.aligned(header, data)));
    }

    @ParameterizedTest
    @CsvSource({"weight_g, weight_v", "parametrizations.weight.original0, parametrizations.weight.original1"})
    void bothSpellingsFoldToLengthTimesDirection(String length, String direction) {
        try (SafetensorsFile file = convolution(length, direction, 3, 4, 0, -2);
                Arena arena = Arena.ofConfined()) {
            WeightTree tree = file.tree();
            WeightNormFolding folding = new WeightNormFolding(tree, arena);

            Parameter weight = folding.parameter("conv.weight", Shape.of(2, 1, 2));

            assertThat(weight.path()).isEqualTo("conv.weight");
            assertThat(weight.dtype()).isEqualTo(DType.F32);
            float[] expected = {6, 8, 0, -3};
            float[] actual = weight.data().toArray(ValueLayout.JAVA_FLOAT);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f));
            }
            assertThat(folding.parameter("conv.bias", Shape.of(1)).data().isMapped())
                    .isTrue();
            assertThat(tree.unused()).isEmpty();
        }
    }

    @Test
    void directionOfZerosIsRefused() {
        try (SafetensorsFile file = convolution("weight_g", "weight_v", 3, 4, 0, 0);
                Arena arena = Arena.ofConfined()) {
            WeightNormFolding folding = new WeightNormFolding(file.tree(), arena);
            assertThatThrownBy(() -> folding.parameter("conv.weight", Shape.of(2, 1, 2)))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("conv.weight_v is all zeros at index 1");
        }
    }

    @Test
    void misshapenDirectionNamesItself() {
        try (SafetensorsFile file = convolution("weight_g", "weight_v", 3, 4, 0, 1);
                Arena arena = Arena.ofConfined()) {
            WeightNormFolding folding = new WeightNormFolding(file.tree(), arena);
            assertThatThrownBy(() -> folding.parameter("conv.weight", Shape.of(2, 2, 2)))
                    .hasMessageContaining("conv.weight_v is [2, 1, 2], expected [2, 2, 2]");
        }
    }
}
