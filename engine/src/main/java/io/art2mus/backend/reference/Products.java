package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import org.jspecify.annotations.Nullable;

/** Sums of products over an innermost axis: {@link Op.Linear} and {@link Op.Attention}. */
final class Products {
    private Products() {}

    static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias, Op.Linear op) {
        Tensor y = Tensor.zeros(op.result());
        int width = x.extent(-1);
        int outputs = y.extent(-1);
        for (int row = 0; row < x.data().length / width; row++) {
            for (int out = 0; out < outputs; out++) {
                double sum = bias == null ? 0 : bias.data()[out];
                for (int in = 0; in < width; in++) {
                    sum += x.data()[row * width + in] * weight.data()[out * width + in];
                }
                y.data()[row * outputs + out] = sum;
            }
        }
        return y;
    }

    static Tensor attention(Tensor query, Tensor key, Tensor value, @Nullable Tensor bias, Op.Attention op) {
        Tensor y = Tensor.zeros(op.result());
        int headWidth = query.extent(2) / op.heads();
        for (int n = 0; n < query.extent(0); n++) {
            for (int head = 0; head < op.heads(); head++) {
                int from = head * headWidth;
                int to = from + headWidth;
                for (int position = 0; position < query.extent(1); position++) {
                    double[] weights = weights(query, key, bias, op, n, head, position);
                    for (int c = from; c < to; c++) {
                        double sum = 0;
                        for (int other = 0; other < weights.length; other++) {
                            sum += weights[other] * value.data()[value.at(n, other, c)];
                        }
                        y.data()[y.at(n, position, c)] = sum;
                    }
                }
            }
        }
        return y;
    }

    /** How much of each key's value one query of one head takes; of the keys that it sees. */
    static double[] weights(
            Tensor query, Tensor key, @Nullable Tensor bias, Op.Attention op, int n, int head, int position) {
        int headWidth = query.extent(2) / op.heads();
        double[] weights = new double[op.causal() ? position + 1 : key.extent(1)];
        for (int other = 0; other < weights.length; other++) {
            double dot = 0;
            for (int c = head * headWidth; c < (head + 1) * headWidth; c++) {
                dot += query.data()[query.at(n, position, c)] * key.data()[key.at(n, other, c)];
            }
            weights[other] = op.scale() * dot + biasOf(bias, n, position, other);
        }
        softmax(weights);
        return weights;
    }

    private static double biasOf(@Nullable Tensor bias, int n, int position, int other) {
        if (bias == null) {
            return 0;
        }
        return bias.data()[bias.at(n % bias.extent(0), position % bias.extent(1), other)];
    }

    /** Replaces scores by their weights, which add up to 1. The largest score is taken off first, so that none overflows. */
    private static void softmax(double[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i] - largest);
            sum += scores[i];
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= sum;
        }
    }
}
