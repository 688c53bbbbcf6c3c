package io.art2mus.encoder;

import io.art2mus.weights.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How many attention heads ImageBind's towers have: the one thing that does not follow from the weights.
 *
 * @param vision of the picture tower
 * @param audio of the sound tower
 * @param text of the text tower
 */
public record ImageBindHeads(int vision, int audio, int text) {
    /** Of the published {@code imagebind_huge.pth}. */
    private static final ImageBindHeads PUBLISHED = new ImageBindHeads(16, 12, 16);

    private static final int MOST = 1024;

    /** Where the counts of a checkpoint are looked for: the JSON file of the same stem. */
    public static Path fileBeside(Path checkpoint) {
        String stem = String.valueOf(checkpoint.getFileName()).replaceFirst("\\.[^.]*$", "");
        return checkpoint.resolveSibling(stem + ".json");
    }

    /** The counts in the JSON file of the same stem beside the checkpoint; the published ones where it is silent. */
    static ImageBindHeads of(Path checkpoint) {
        Path file = fileBeside(checkpoint);
        ModelConfig config = Files.exists(file) ? ModelConfig.read(file) : null;
        return new ImageBindHeads(
                count(config, "vision_num_heads", PUBLISHED.vision),
                count(config, "audio_num_heads", PUBLISHED.audio),
                count(config, "text_num_heads", PUBLISHED.text));
    }

    private static int count(@Nullable ModelConfig config, String key, int published) {
        return config != null && config.has(key) ? config.integer(key, 1, MOST) : published;
    }
}
