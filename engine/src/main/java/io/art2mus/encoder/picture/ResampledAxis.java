package io.art2mus.encoder.picture;

/**
 * One axis of a bicubic resize followed by a crop: for each output position that survives the crop, which source positions
 * it is made of and their weights. Weights are Pillow's: the kernel with a = −0.5, stretched when shrinking, normalised to
 * a sum of one in doubles, then rounded to fixed point.
 */
final class ResampledAxis {
    /**
     * Bits after the point: what 8-bit samples and a sign leave of an int, less one for overshoot.
     *
     * <p>No sum leaves an int, in whatever order its samples come: the positive weights of a position amount to less than 1.2 (the
     * kernel's negative lobes hold a thirteenth of the positive one, an eighth where four samples meet it), and rounding adds at
     * most half a unit a weight. So a sum stays below (1/2 + 255 · 1.2) · 2²² + 255/2 · weights, which is below 2³¹ for up to
     * six million weights, and above −255 · 0.2 · 2²² less as much.
     */
    static final int FRACTION_BITS = 32 - 8 - 2;

    private static final double RADIUS = 2;

    private final int[] first;
    private final int[][] weights;

    /**
     * @param extent pixels of the source
     * @param resized pixels after the resize
     * @param offset first position of the resized axis that the crop keeps
     * @param kept number of positions that the crop keeps
     */
    ResampledAxis(int extent, long resized, long offset, int kept) {
        first = new int[kept];
        weights = new int[kept][];
        double scale = (double) extent / resized;
        double stretch = Math.max(scale, 1);
        double support = RADIUS * stretch;
        for (int position = 0; position < kept; position++) {
            double centre = (offset + position + 0.5) * scale;
            int begin = (int) Math.max(centre - support + 0.5, 0);
            int end = (int) Math.min(centre + support + 0.5, extent);
            first[position] = begin;
            weights[position] = fixedPoint(sampleKernel(begin, end, centre, 1 / stretch));
        }
    }

    /** Number of output positions. */
    int length() {
        return first.length;
    }

    /** The first source position that an output position is made of. */
    int first(int position) {
        return first[position];
    }

    /** Weights of the source positions from {@link #first} on, in units of 2^-{@value #FRACTION_BITS}. */
    int[] weights(int position) {
        return weights[position];
    }

    /** The first source position that any output needs. */
    int sourceBegin() {
        return first[0];
    }

    /** One past the last source position that any output needs. */
    int sourceEnd() {
        int last = first.length - 1;
        return first[last] + weights[last].length;
    }

    /** A sum of weighted 8-bit samples that began at {@link #half}, rounded and clamped to 0 … 255. */
    static byte round(int sum) {
        return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
    }

    /** What a sum of weighted samples starts from, so that dropping the fraction rounds. */
    static int half() {
        return 1 << (FRACTION_BITS - 1);
    }

    private static double[] sampleKernel(int begin, int end, double centre, double inverseStretch) {
        double[] samples = new double[end - begin];
        double sum = 0;
        for (int i = 0; i < samples.length; i++) {
            samples[i] = bicubic((i + begin - centre + 0.5) * inverseStretch);
            sum += samples[i];
        }
        for (int i = 0; i < samples.length; i++) {
            samples[i] /= sum;
        }
        return samples;
    }

    private static int[] fixedPoint(double[] samples) {
        int[] fixed = new int[samples.length];
        for (int i = 0; i < fixed.length; i++) {
            double scaled = samples[i] * (1 << FRACTION_BITS);
            fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        return fixed;
    }

    /** The cubic convolution kernel with a = −0.5: Keys 1981, equation 15. */
    private static double bicubic(double distance) {
        double a = -0.5;
        double x = Math.abs(distance);
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < RADIUS ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}
