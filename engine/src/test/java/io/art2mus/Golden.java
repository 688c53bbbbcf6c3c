package io.art2mus;

import io.art2mus.weights.SafetensorsFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Reference values from the test resources. */
public final class Golden {
    private static final Path RESOURCES = Path.of("src/test/resources");

    private Golden() {}

    /** A file of the test resources. */
    public static Path resource(String path) {
        return RESOURCES.resolve(path);
    }

    /** A float32 tensor of a {@code .safetensors} file, row-major. */
    public static float[] floats(String path, String name) {
        try (SafetensorsFile file = SafetensorsFile.open(resource(path))) {
            return file.parameter(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }
}
