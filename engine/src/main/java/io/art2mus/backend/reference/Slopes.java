package io.art2mus.backend.reference;

/** Derivatives of {@link Functions}. */
final class Slopes {
    private Slopes() {}

    static double silu(double x) {
        double sigmoid = 1 / (1 + Math.exp(-x));
        return sigmoid * (1 + x * (1 - sigmoid));
    }

    /** {@code Φ(x) + x φ(x)}, φ being the standard normal distribution's density. */
    static double gelu(double x) {
        return 0.5 * (1 + Functions.erf(x / Math.sqrt(2))) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    static double geluTanh(double x) {
        double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        double innerSlope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        return 0.5 * (1 + Math.tanh(inner)) + 0.5 * x * tanh(inner) * innerSlope;
    }

    static double tanh(double x) {
        return 1 - Math.tanh(x) * Math.tanh(x);
    }
}
