package io.art2mus.backend.cpu;

/**
 * Convolution of a short tile by few taps with as few multiplications as can be: both are seen as polynomials, multiplied at
 * {@code outputs + taps − 1} points, and the product is read back (Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and
 * Gray, arXiv 1509.09308). At point {@code t} the tile contributes {@link #tile}{@code [t] · x}, the kernel {@link #kernel}{@code [t] · w},
 * and their products over all channels are summed there; output {@code i} is {@link #output}{@code [i]} times these sums.
 */
final class ToomCook {
    /** Small numbers and their inverses keep the rounding low: 7.5e-7 of a sum in float32 for six outputs, where 1.1e-7 is direct. */
    private static final double[] POINTS = {0, 1, -1, 2, -0.5, -2, 0.5};

    private final int outputs;
    private final int taps;
    private final float[][] tile;
    private final double[][] kernel;
    private final float[][] output;

    /**
     * Makes the matrices.
     *
     * @param outputs of a tile
     * @param taps of the kernel; with {@code outputs} 9 at most
     */
    ToomCook(int outputs, int taps) {
        this.outputs = outputs;
        this.taps = taps;
        int finite = points() - 1;
        tile = new float[points()][points()];
        kernel = new double[points()][taps];
        output = new float[outputs][points()];
        for (int point = 0; point < finite; point++) {
            double distance = 1;
            for (int other = 0; other < finite; other++) {
                distance *= other == point ? 1 : POINTS[point] - POINTS[other];
            }
            for (int tap = 0; tap < taps; tap++) {
                kernel[point][tap] = Math.pow(POINTS[point], tap) / distance;
            }
            for (int i = 0; i < outputs; i++) {
                output[i][point] = (float) Math.pow(POINTS[point], i);
            }
            tile[point] = polynomial(finite, point);
        }
        kernel[finite][taps - 1] = 1;
        output[outputs - 1][finite] = 1;
        tile[finite] = polynomial(finite, finite);
    }

    /** Coefficients of {@code Π (x − point)} over the finite points but one, from the lowest power on. */
    private float[] polynomial(int finite, int without) {
        double[] product = new double[points() + 1];
        product[0] = 1;
        for (int point = 0; point < finite; point++) {
            if (point == without) {
                continue;
            }
            for (int power = finite; power >= 0; power--) {
                product[power] = (power == 0 ? 0 : product[power - 1]) - POINTS[point] * product[power];
            }
        }
        float[] coefficients = new float[points()];
        for (int power = 0; power < coefficients.length; power++) {
            coefficients[power] = (float) product[power];
        }
        return coefficients;
    }

    /** Outputs of a tile. */
    int outputs() {
        return outputs;
    }

    /** Taps of a kernel. */
    int taps() {
        return taps;
    }

    /** Points, and so multiplications a tile and positions that it reads. */
    int points() {
        return outputs + taps - 1;
    }

    /** Where a point is: the last at infinity. */
    double point(int index) {
        return index == points() - 1 ? Double.POSITIVE_INFINITY : POINTS[index];
    }

    /** What each position of a tile contributes at a point. */
    float[] tile(int point) {
        return tile[point];
    }

    /** What each tap contributes at a point. */
    double kernel(int point, int tap) {
        return kernel[point][tap];
    }

    /** What each point contributes to an output. */
    float[] output(int i) {
        return output[i];
    }
}
