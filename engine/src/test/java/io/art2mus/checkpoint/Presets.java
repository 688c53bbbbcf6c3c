package io.art2mus.checkpoint;

import io.art2mus.Golden;
import io.art2mus.checkpoint.ImageBindSizes.Tower;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Presets for tests. */
final class Presets {
    private Presets() {}

    /** The shapes of the small random checkpoint in the test resources. */
    static Preset tiny() {
        Path folder = Golden.resource("tiny-audioldm2");
        Map<String, String> files = new LinkedHashMap<>();
        for (String file : Preset.FILES) {
            files.put(file, Files.exists(folder.resolve(file)) ? read(folder.resolve(file)) : "{}");
        }
        Tower wide = new Tower(32, 2, 4);
        Tower narrow = new Tower(8, 2, 2);
        ImageBindSizes imageBind = new ImageBindSizes(64, 49_408, wide, narrow, wide, narrow, narrow, narrow);
        return new Preset("tiny", files, imageBind, 80);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
