package io.art2mus;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.audio.Sound;
import io.art2mus.graph.HostTensor;
import io.art2mus.weights.SafetensorsFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Reference values from the test resources. */
public final class Golden {
    private Golden() {}

    /** A file or folder of the test resources, which lie unpacked on the class path wherever tests run; absolute paths stay as they are. */
    public static Path resource(String path) {
        if (Path.of(path).isAbsolute()) {
            return Path.of(path);
        }
        URL found = Golden.class.getResource("/" + path);
        assertThat(found).as("the test resource %s", path).isNotNull();
        return Path.of(URI.create(String.valueOf(found)));
    }

    /** The small trained checkpoint. Tests that need it and are tagged gpu have the tag mini too: not every package has it. */
    public static Path mini() {
        return home().resolve("models/mini");
    }

    /** A picture that comes with the project. */
    public static Path sample(String name) {
        return home().resolve("samples").resolve(name);
    }

    /** The project's folder or an unpacked package; Maven runs tests in a module's folder. */
    private static Path home() {
        return Path.of(System.getProperty("art2mus.home", ".."));
    }

    /** A float32 tensor of a {@code .safetensors} file, row-major. */
    public static float[] floats(String path, String name) {
        try (SafetensorsFile file = SafetensorsFile.open(resource(path))) {
            return file.parameter(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    /** A float32 tensor of a {@code .safetensors} file as a waveform. */
    public static Sound sound(String path, String name, int sampleRate, Arena arena) {
        return new Sound(arena.allocateFrom(ValueLayout.JAVA_FLOAT, floats(path, name)), sampleRate);
    }

    /** The largest absolute difference is within {@code limit}; prints what was reached. */
    public static void assertClose(String what, float[] actual, float[] expected, double limit) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            // Math.max keeps a NaN, which then fails the assertion.
            largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
        }
        System.out.printf("%s: %.1e (limit %.0e)%n", what, largest, limit);
        assertThat(largest).as(what).isLessThanOrEqualTo(limit);
    }

    /** A float64 tensor of a {@code .safetensors} file, row-major. */
    public static double[] doubles(String path, String name) {
        try (SafetensorsFile file = SafetensorsFile.open(resource(path))) {
            return file.parameter(name).data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
        }
    }

    /** A copy of a float32 tensor of a {@code .safetensors} file, owned by {@code arena}. */
    public static HostTensor tensor(Arena arena, String path, String name) {
        try (SafetensorsFile file = SafetensorsFile.open(resource(path))) {
            HostTensor copy = HostTensor.allocate(arena, file.shapeOf(name));
            copy.data().copyFrom(file.parameter(name).data());
            return copy;
        }
    }

    /** The tensor of this name, which must be there. */
    public static HostTensor named(Map<String, HostTensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }
}
