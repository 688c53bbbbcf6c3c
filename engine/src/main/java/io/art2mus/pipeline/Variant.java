package io.art2mus.pipeline;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a picture enters the language of audio. */
public enum Variant {
    /** Not at all: plain AudioLDM 2, from text alone. */
    AUDIOLDM2("audioldm2", "", 0),
    /** As one token. */
    ART2MUS("art2mus", "art2mus", 1),
    /** As four tokens. */
    ART2MUS_4("art2mus-4", "art2mus_4", 4);

    private final String label;
    private final String fileStem;
    private final int tokens;

    Variant(String label, String fileStem, int tokens) {
        this.label = label;
        this.fileStem = fileStem;
        this.tokens = tokens;
    }

    /** The variant of this name; an {@link IllegalArgumentException} that lists the names where there is none. */
    public static Variant named(String name) {
        for (Variant variant : values()) {
            if (variant.label.equals(name)) {
                return variant;
            }
        }
        throw new IllegalArgumentException("no variant is called " + name + "; there are "
                + Arrays.stream(values()).map(Variant::toString).collect(Collectors.joining(", ")));
    }

    /** Whether a sound is made of a picture, with a text or without. */
    public boolean takesPicture() {
        return tokens > 0;
    }

    /** Tokens that a picture becomes. */
    public int tokens() {
        return tokens;
    }

    /** What the projection layer's files are called before their suffix. */
    String fileStem() {
        return fileStem;
    }

    /** The name users give it. */
    @Override
    public String toString() {
        return label;
    }
}
