package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import io.art2mus.graph.TrainingOp;
import org.jspecify.annotations.Nullable;

/**
 * {@link TrainingOp.AttentionGradient}. With weights {@code p}, what comes back to them {@code dp = gradient · value}, and
 * {@code ds = p (dp − Σ p dp)} to the scores: {@code scale · ds · key} to a query, {@code scale · ds · query} to a key,
 * {@code p · gradient} to a value.
 */
final class AttentionGradients {
    private AttentionGradients() {}

    static Tensor of(
            Tensor query,
            Tensor key,
            Tensor value,
            @Nullable Tensor bias,
            Tensor gradient,
            TrainingOp.AttentionGradient op) {
        Op.Attention forward = op.forward();
        Tensor result = Tensor.zeros(op.result());
        int queries = query.extent(1);
        int keys = key.extent(1);
        int headWidth = query.extent(2) / forward.heads();
        for (int n = 0; n < query.extent(0); n++) {
            for (int head = 0; head < forward.heads(); head++) {
                for (int position = 0; position < queries; position++) {
                    double[] weights = Products.weights(query, key, bias, forward, n, head, position);
                    double[] scores =
                            scoreGradients(weights, value, gradient, n, head * headWidth, headWidth, position);
                    for (int other = 0; other < weights.length; other++) {
                        for (int c = head * headWidth; c < (head + 1) * headWidth; c++) {
                            double score = forward.scale() * scores[other];
                            result.data()[result.at(n, position, c)] += score * key.data()[key.at(n, other, c)];
                            if (op.context()) {
                                result.data()[result.at(n, queries + other, c)] +=
                                        score * query.data()[query.at(n, position, c)];
                                result.data()[result.at(n, queries + keys + other, c)] +=
                                        weights[other] * gradient.data()[gradient.at(n, position, c)];
                            }
                        }
                    }
                }
            }
        }
        return result;
    }

    private static double[] scoreGradients(
            double[] weights, Tensor value, Tensor gradient, int n, int from, int width, int position) {
        double[] scores = new double[weights.length];
        double mean = 0;
        for (int other = 0; other < weights.length; other++) {
            for (int c = from; c < from + width; c++) {
                scores[other] += gradient.data()[gradient.at(n, position, c)] * value.data()[value.at(n, other, c)];
            }
            mean += weights[other] * scores[other];
        }
        for (int other = 0; other < weights.length; other++) {
            scores[other] = weights[other] * (scores[other] - mean);
        }
        return scores;
    }
}
