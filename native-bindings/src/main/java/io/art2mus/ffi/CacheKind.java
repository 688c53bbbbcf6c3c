package io.art2mus.ffi;

import java.util.Locale;

/** What the user's cache keeps, one folder a kind. */
public enum CacheKind {
    /** Shared libraries that travel in our jars. */
    NATIVES,
    /** What frozen encoders made of pictures and texts. */
    EMBEDDINGS,
    /** SHA-256 of large files, and what else was found out by reading them. */
    DIGESTS,
    /** Which of several ways to compute the same was the fastest. */
    CHOICES,
    /** Parameters in the layouts that a processor's primitives chose. */
    WEIGHTS,
    /** CUDA kernels that NVRTC compiled for a GPU's architecture. */
    KERNELS,
    /** What an autoencoder made of music. */
    LATENTS;

    /** Name of the folder. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
