package io.art2mus.benchmarks.ceiling;

import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Window;
import java.util.List;

/** The one primitive that a product is, without bias and whatever follows it. Equal ones take the same time. */
sealed interface Product {
    /**
     * {@code [batch, rows, inner] · [batch, inner, columns]}.
     *
     * @param sharesRight whether there is one right-hand matrix, whose layout may then be chosen
     */
    record Matrices(long batch, long rows, long inner, long columns, boolean sharesRight) implements Product {}

    /**
     * A convolution.
     *
     * @param x {@code [N, H, W, C]}
     * @param weight {@code [out, in, kernel height, kernel width]}
     * @param result {@code [N, H', W', out]}
     * @param transposed whether it is the gradient of one
     */
    record Convolved(Shape x, Shape weight, Shape result, Window window, boolean transposed) implements Product {}

    /** The products that an operation needs: none, one, or the several of attention. */
    static List<Product> of(Op op) {
        return switch (op) {
            case Op.Linear linear -> {
                long inner = linear.x().shape().last();
                yield List.of(new Matrices(
                        1,
                        linear.x().shape().elements() / inner,
                        inner,
                        op.result().last(),
                        true));
            }
            case Op.Conv2d convolution ->
                List.of(new Convolved(
                        convolution.x().shape(),
                        convolution.weight().shape(),
                        op.result(),
                        convolution.window(),
                        false));
            case Op.ConvTranspose2d convolution -> {
                Shape stored = convolution.weight().shape();
                Shape weight = Shape.of(stored.extent(1), stored.extent(0), stored.extent(2), stored.extent(3));
                yield List.of(new Convolved(convolution.x().shape(), weight, op.result(), convolution.window(), true));
            }
            case Op.Attention attention -> List.of(scores(attention), mixture(attention));
            case TrainingOp.LinearInputGradient product -> {
                long inner = product.gradient().shape().last();
                long rows = product.gradient().shape().elements() / inner;
                yield List.of(new Matrices(1, rows, inner, op.result().last(), true));
            }
            case TrainingOp.LinearWeightGradient product -> {
                long inner =
                        product.x().shape().elements() / product.x().shape().last();
                yield List.of(new Matrices(
                        1, op.result().extent(0), inner, op.result().last(), false));
            }
            case TrainingOp.AttentionGradient gradient -> {
                Matrices scores = scores(gradient.forward());
                Matrices mixture = mixture(gradient.forward());
                long queries = scores.rows();
                long keys = scores.columns();
                Matrices back = new Matrices(scores.batch(), keys, queries, scores.inner(), false);
                yield gradient.context()
                        ? List.of(scores, scores, mixture, back, back)
                        : List.of(scores, scores, mixture);
            }
            default -> List.of();
        };
    }

    private static Matrices scores(Op.Attention attention) {
        return new Matrices(
                attention.query().shape().extent(0) * attention.heads(),
                attention.query().shape().extent(1),
                attention.query().shape().last() / attention.heads(),
                attention.key().shape().extent(1),
                false);
    }

    private static Matrices mixture(Op.Attention attention) {
        Matrices scores = scores(attention);
        long keys = scores.columns();
        long width = scores.inner();
        return new Matrices(scores.batch(), scores.rows(), keys, width, false);
    }
}
