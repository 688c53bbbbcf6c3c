package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.ffi.UserCache;
import io.art2mus.graph.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameters that were looked at once. NaN in them is the proof that nobody looked again. */
final class FiniteParametersTest {
    @TempDir
    private Path folder;

    private UserCache cache;

    @BeforeEach
    void open() {
        cache = UserCache.at(folder.resolve("cache"));
    }

    @Test
    void whatWasSeenIsNotLookedAtAgain() {
        take("digest", file(1, 2), "a");
        take("digest", file(Float.NaN, 2), "a");
    }

    @Test
    void whatNobodyTookIsStillLookedAt() {
        take("digest", file(1, 2), "a");
        assertThatThrownBy(() -> take("digest", file(1, Float.NaN), "b"))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("b holds NaN or infinity");
        take("digest", file(1, 2), "b");
        take("digest", file(Float.NaN, Float.NaN), "a");
    }

    @Test
    void otherBytesAreLookedAt() {
        take("digest", file(1, 2), "a");
        assertThatThrownBy(() -> take("other digest", file(Float.NaN, 2), "a")).isInstanceOf(WeightsException.class);
    }

    @Test
    void aParameterThatIsRefusedIsRefusedTheNextTimeToo() {
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> take("digest", file(Float.NaN, 2), "a")).isInstanceOf(WeightsException.class);
        }
    }

    private void take(String identity, Path path, String name) {
        try (WeightFile file = WeightFile.open(path)) {
            FiniteParameters finite = FiniteParameters.recall(cache, identity, file.names());
            try {
                assertThat(file.tree(identity, finite)
                                .parameter(name, Shape.of(1))
                                .path())
                        .isEqualTo(name);
            } finally {
                finite.keep();
            }
        }
    }

    private Path file(float a, float b) {
        return SafetensorsBytes.write(
                folder.resolve("w.safetensors"),
                SafetensorsBytes.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                        SafetensorsBytes.floats(a, b)));
    }
}
