package io.art2mus.backend.reference;

/** The activation functions of one number. */
final class Functions {
    private Functions() {}

    static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    /** {@code x · Φ(x)}, Φ being the standard normal distribution. */
    static double gelu(double x) {
        return x * 0.5 * (1 + erf(x / Math.sqrt(2)));
    }

    /** The tanh approximation of {@link #gelu}. See Hendrycks and Gimpel 2016, section 2. */
    static double geluTanh(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    static double leakyRelu(double x, double slope) {
        return x > 0 ? x : slope * x;
    }

    /**
     * The error function, to within 1e-15: {@code 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1))}, whose terms all have
     * one sign, so that nothing cancels. Beyond ±6 it differs from ±1 by less than 1e-16.
     *
     * @see <a href="https://dlmf.nist.gov/7.6#E2">NIST Digital Library of Mathematical Functions, equation 7.6.2</a>
     */
    static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(sum + term) > Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
