package io.art2mus.backend;

/** The upper half of a float32: eight bits of exponent, seven of fraction. */
public final class Bfloat16 {
    private Bfloat16() {}

    /** Rounds to nearest, ties to even, as oneDNN and PyTorch do; a NaN stays one. */
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        int half = 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + half) >>> 16);
    }
}
