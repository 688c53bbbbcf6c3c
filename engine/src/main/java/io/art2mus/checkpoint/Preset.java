package io.art2mus.checkpoint;

import io.art2mus.weights.ModelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint is to be: the configurations of its parts, and the sizes of those that have none.
 *
 * @param name as users give it
 * @param files JSON by its path in the checkpoint, such as {@code unet/config.json}
 * @param imageBind sizes of ImageBind
 * @param projectionWidth between the two Linears of the image projections
 */
public record Preset(String name, Map<String, String> files, ImageBindSizes imageBind, int projectionWidth) {
    private static final String BASE = "audioldm2";
    private static final String LARGE = "audioldm2-large";

    /** The published checkpoints. The one for music has the networks of the first, trained on other sounds. */
    public static final List<String> NAMES = List.of(BASE, "audioldm2-music", LARGE);

    /** The configurations that a checkpoint has. */
    public static final List<String> FILES = List.of(
            "model_index.json",
            "scheduler/scheduler_config.json",
            "unet/config.json",
            "vae/config.json",
            "vocoder/config.json",
            "language_model/config.json",
            "projection_model/config.json",
            "text_encoder/config.json",
            "text_encoder_2/config.json",
            "tokenizer/tokenizer_config.json",
            "tokenizer_2/tokenizer_config.json",
            "feature_extractor/preprocessor_config.json");

    private static final int PUBLISHED_PROJECTION_WIDTH = 1536;

    public Preset {
        files = Map.copyOf(files);
    }

    /** A published checkpoint's; an {@link IllegalArgumentException} lists the names where there is none of this one. */
    public static Preset named(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("'" + name + "' is none of " + String.join(", ", NAMES));
        }
        Map<String, String> files = new LinkedHashMap<>();
        FILES.forEach(file -> files.put(file, resource(BASE + "/" + file)));
        if (name.equals(LARGE)) {
            files.put("unet/config.json", resource(LARGE + "/unet/config.json"));
        }
        return new Preset(name, files, ImageBindSizes.HUGE, PUBLISHED_PROJECTION_WIDTH);
    }

    /** One of {@link #files}, read. */
    ModelConfig config(String file) {
        return ModelConfig.parse(Path.of(file), json(file));
    }

    /** One of {@link #files}; an {@link IllegalArgumentException} where it is missing. */
    String json(String file) {
        String json = files.get(file);
        if (json == null) {
            throw new IllegalArgumentException("the preset " + name + " lacks " + file);
        }
        return json;
    }

    private static String resource(String path) {
        try (InputStream in = Preset.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is not in the engine's jar; build the project again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
