package io.art2mus.backend;

import java.util.Locale;

/** How activations and large weights are stored; sums are float32 at least. */
public enum Precision {
    F32,
    BF16,
    /** On GPUs alone. */
    F16;

    /** {@code f32}, {@code bf16} or {@code f16}; an {@link IllegalArgumentException} for anything else. */
    public static Precision named(String name) {
        return switch (name) {
            case "f32" -> F32;
            case "bf16" -> BF16;
            case "f16" -> F16;
            default ->
                throw new IllegalArgumentException("'" + name + "' is no precision: give f32, bf16, f16 or auto");
        };
    }

    /** Bytes of an element. */
    public int bytes() {
        return this == F32 ? Float.BYTES : Short.BYTES;
    }

    /** The name users give it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
