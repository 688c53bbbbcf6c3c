package io.art2mus.kernels;

import java.util.Locale;

/** How numbers are stored in a GPU's memory. Kernels compute in float32 whatever it is. */
public enum Elements {
    F32(4),
    F16(2),
    BF16(2);

    private final int bytes;

    Elements(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one. */
    public int bytes() {
        return bytes;
    }

    /** How many a thread loads or stores at once, where addresses allow it. */
    int widest() {
        return Launch.WIDEST_BYTES / bytes;
    }

    /** What ends the names of kernels for these elements. */
    String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
