package io.art2mus.pipeline;

/** How a picture enters the language of audio. */
public enum Variant {
    /** Not at all: plain AudioLDM 2, from text alone. */
    AUDIOLDM2("audioldm2", ""),
    /** As one token. */
    ART2MUS("art2mus", "art2mus"),
    /** As four tokens. */
    ART2MUS_4("art2mus-4", "art2mus_4");

    private final String label;
    private final String fileStem;

    Variant(String label, String fileStem) {
        this.label = label;
        this.fileStem = fileStem;
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
