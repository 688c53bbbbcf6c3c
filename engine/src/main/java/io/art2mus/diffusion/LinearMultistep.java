package io.art2mus.diffusion;

import static io.art2mus.diffusion.LinearForm.SAMPLE;

import io.art2mus.diffusion.SamplerStep.Kept;
import io.art2mus.diffusion.SamplerStep.Term;
import java.util.ArrayList;
import java.util.List;

/**
 * The linear multistep method (Adams and Bashforth) of fourth order on {@code dx/dσ = ε}, on steps of any length: the
 * polynomial through the last four ε is integrated from one σ to the next.
 *
 * @see <a href="https://doi.org/10.1007/978-3-540-78862-1">Hairer, Nørsett and Wanner 1993, section III.5</a>
 */
final class LinearMultistep {
    private static final int ORDER = 4;

    private LinearMultistep() {}

    static List<SamplerStep> plan(NoiseSchedule schedule, int steps) {
        SigmaSteps path = new SigmaSteps(schedule, steps);
        List<SamplerStep> plan = new ArrayList<>();
        for (int k = 0; k < steps; k++) {
            int order = order(path, k);
            List<Term> terms = new ArrayList<>();
            for (int j = 0; j < order; j++) {
                terms.add(new Term((k - j) % ORDER, weight(path, k, j, order)));
            }
            Kept noise = new Kept(k % ORDER, path.noise(k));
            plan.add(new SamplerStep(path.timestep(k), path.inputScale(k), SAMPLE, List.of(noise), terms));
        }
        return plan;
    }

    /** How many values there are to look back on: fewer at the start, and only one at a σ. */
    private static int order(SigmaSteps path, int step) {
        int order = 1;
        while (order < ORDER && order <= step && path.sigma(step - order) > path.sigma(step - order + 1)) {
            order++;
        }
        return order;
    }

    /** The integral of a basis polynomial over a step. It is a cubic at most, so Gauss's rule with two points is exact. */
    private static double weight(SigmaSteps path, int step, int back, int order) {
        double middle = (path.sigma(step + 1) + path.sigma(step)) / 2;
        double half = (path.sigma(step + 1) - path.sigma(step)) / 2;
        double offset = half / Math.sqrt(3);
        return half
                * (basis(path, step, back, order, middle - offset) + basis(path, step, back, order, middle + offset));
    }

    /** Lagrange's polynomial that is 1 at the σ of {@code back} steps ago and 0 at the others looked back on. */
    private static double basis(SigmaSteps path, int step, int back, int order, double sigma) {
        double product = 1;
        for (int other = 0; other < order; other++) {
            if (other != back) {
                double node = path.sigma(step - other);
                product *= (sigma - node) / (path.sigma(step - back) - node);
            }
        }
        return product;
    }
}
