package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import io.art2mus.graph.TrainingOp;

/**
 * {@link TrainingOp.GroupNormGradient} and {@link TrainingOp.LayerNormGradient}. With the normalised {@code z} and
 * {@code g = gradient · scale}: {@code (g − mean(g) − z · mean(g z)) / deviation}, means over what was normalised together.
 */
final class NormalisationGradients {
    private NormalisationGradients() {}

    static Tensor groupNorm(Tensor x, Tensor scale, Tensor gradient, Op.GroupNorm op) {
        Tensor result = Tensor.zeros(x.shape());
        for (int[] members : Normalisations.groups(x, op)) {
            through(x, members, scale, gradient, op.epsilon(), result);
        }
        return result;
    }

    static Tensor layerNorm(Tensor x, Tensor scale, Tensor gradient, Op.LayerNorm op) {
        Tensor result = Tensor.zeros(x.shape());
        for (int[] members : Normalisations.rows(x)) {
            through(x, members, scale, gradient, op.epsilon(), result);
        }
        return result;
    }

    private static void through(Tensor x, int[] members, Tensor scale, Tensor gradient, double epsilon, Tensor result) {
        Normalisations.Moments moments = Normalisations.Moments.of(x, members, epsilon);
        double mean = 0;
        double slope = 0;
        for (int member : members) {
            double scaled = gradient.data()[member] * scale.data()[member % x.extent(-1)];
            mean += scaled / members.length;
            slope += scaled * moments.normalised(x.data()[member]) / members.length;
        }
        for (int member : members) {
            double scaled = gradient.data()[member] * scale.data()[member % x.extent(-1)];
            result.data()[member] =
                    (scaled - mean - moments.normalised(x.data()[member]) * slope) / moments.deviation();
        }
    }
}
