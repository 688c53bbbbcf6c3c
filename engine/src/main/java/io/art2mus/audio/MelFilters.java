package io.art2mus.audio;

import java.util.Arrays;

/**
 * Triangular filters, evenly spaced on a mel scale, over the bins of a spectrum.
 *
 * @see <a href="https://doi.org/10.1121/1.1915893">Stevens, Volkmann and Newman 1937</a>
 */
public final class MelFilters {
    private final int[] firstBins;
    private final double[][] weights;

    private MelFilters(int bands) {
        firstBins = new int[bands];
        weights = new double[bands][];
    }

    /**
     * Slaney's filters with his area norm, as librosa has them by default: triangles in Hz, linear below 1 kHz and
     * logarithmic above, each divided by half its width.
     *
     * @param bands number of filters
     * @param lowest Hz
     * @param highest Hz
     * @param bins of the spectrum, from 0 Hz
     * @param binWidth Hz
     */
    public static MelFilters slaney(int bands, double lowest, double highest, int bins, double binWidth) {
        double lowestMel = slaneyMel(lowest);
        double step = (slaneyMel(highest) - lowestMel) / (bands + 1);
        MelFilters filters = new MelFilters(bands);
        for (int band = 0; band < bands; band++) {
            double left = slaneyHertz(lowestMel + band * step);
            double centre = slaneyHertz(lowestMel + (band + 1) * step);
            double right = slaneyHertz(lowestMel + (band + 2) * step);
            double[] triangle = new double[bins];
            for (int bin = 0; bin < bins; bin++) {
                triangle[bin] = triangle(bin * binWidth, left, centre, right) * 2 / (right - left);
            }
            filters.set(band, triangle);
        }
        return filters;
    }

    /**
     * Kaldi's filters: triangles in mel = 1127 · ln(1 + f / 700), each with a peak of 1.
     *
     * @param bands number of filters
     * @param lowest Hz
     * @param highest Hz
     * @param bins of the spectrum, from 0 Hz
     * @param binWidth Hz
     */
    public static MelFilters kaldi(int bands, double lowest, double highest, int bins, double binWidth) {
        double lowestMel = kaldiMel(lowest);
        double step = (kaldiMel(highest) - lowestMel) / (bands + 1);
        MelFilters filters = new MelFilters(bands);
        for (int band = 0; band < bands; band++) {
            double left = lowestMel + band * step;
            double[] triangle = new double[bins];
            for (int bin = 0; bin < bins; bin++) {
                triangle[bin] = triangle(kaldiMel(bin * binWidth), left, left + step, left + 2 * step);
            }
            filters.set(band, triangle);
        }
        return filters;
    }

    /** What one filter lets through of a spectrum. */
    public double apply(int band, double[] spectrum) {
        double sum = 0;
        int bin = firstBins[band];
        for (double weight : weights[band]) {
            sum += weight * spectrum[bin++];
        }
        return sum;
    }

    /** Keeps the part of a triangle that is not zero. */
    private void set(int band, double[] triangle) {
        int begin = 0;
        while (begin < triangle.length && triangle[begin] == 0) {
            begin++;
        }
        int end = triangle.length;
        while (end > begin && triangle[end - 1] == 0) {
            end--;
        }
        firstBins[band] = begin;
        weights[band] = Arrays.copyOfRange(triangle, begin, end);
    }

    private static double triangle(double at, double left, double centre, double right) {
        return Math.max(0, Math.min((at - left) / (centre - left), (right - at) / (right - centre)));
    }

    private static double kaldiMel(double hertz) {
        return 1127 * Math.log1p(hertz / 700);
    }

    // Slaney 1998, Auditory Toolbox: 200/3 Hz a mel up to 1 kHz (15 mel), from there 27 mel up to 6.4 kHz.

    /** Slaney's scale: Hz to mel. */
    static double slaneyMel(double hertz) {
        return hertz < 1000 ? hertz * 3 / 200 : 15 + Math.log(hertz / 1000) * 27 / Math.log(6.4);
    }

    private static double slaneyHertz(double mel) {
        return mel < 15 ? mel * 200 / 3 : 1000 * Math.exp((mel - 15) * Math.log(6.4) / 27);
    }
}
