package io.art2mus.benchmarks.subject;

/** What computes a subject. */
public enum Suits {
    /** Whatever {@code --device} names. */
    EVERY_DEVICE("on every device"),
    /** The frozen encoders, which are float32 there. */
    CPU("by the CPU"),
    /** What only a GPU has. */
    GPU("on a GPU");

    private final String words;

    Suits(String words) {
        this.words = words;
    }

    boolean includes(boolean gpu) {
        return this == EVERY_DEVICE || (this == GPU) == gpu;
    }

    @Override
    public String toString() {
        return words;
    }
}
