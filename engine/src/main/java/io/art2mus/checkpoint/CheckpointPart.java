package io.art2mus.checkpoint;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The folders of a checkpoint, by the names they have there. */
public enum CheckpointPart {
    UNET,
    VAE,
    VOCODER,
    LANGUAGE_MODEL,
    PROJECTION_MODEL,
    TEXT_ENCODER,
    TEXT_ENCODER_2,
    TOKENIZER,
    TOKENIZER_2,
    FEATURE_EXTRACTOR,
    SCHEDULER,
    IMAGE_PROJECTION,
    IMAGEBIND;

    /** The part of this name; an {@link IllegalArgumentException} lists all where there is none. */
    public static CheckpointPart named(String name) {
        return Arrays.stream(values())
                .filter(part -> part.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is none of "
                        + Arrays.stream(values()).map(CheckpointPart::toString).collect(Collectors.joining(", "))));
    }

    /** The folder's name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
