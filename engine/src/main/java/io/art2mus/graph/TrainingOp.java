package io.art2mus.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * An operation that only training needs: the loss, and what an {@link Op}'s vector-Jacobian product is made of. Where the product is
 * an operation of the forward pass already, as a convolution's is a transposed convolution, that one is used.
 *
 * <p>In each of them {@code gradient} is the loss' gradient to the result of the operation that is differentiated, of that result's
 * shape.
 */
public sealed interface TrainingOp extends Op {
    /** The same numbers in another kind's precision. */
    record Convert(Value x, Value.Kind kind) implements TrainingOp {
        public Convert {
            if (kind == Value.Kind.INDEX) {
                throw new ShapeException("real numbers are no positions");
            }
        }

        @Override
        public List<Value> operands() {
            return List.of(x);
        }
    }

    /**
     * Of {@link Op.Linear}, to what it reads: {@code gradient · weight}.
     *
     * @param gradient {@code [..., out]}
     * @param weight {@code [out, in]}
     */
    record LinearInputGradient(Value gradient, Value weight) implements TrainingOp {
        public LinearInputGradient {
            Shapes.requireRankAtLeast(gradient, 2);
            Shapes.requireRank(weight, 2);
            Shapes.requireShape(
                    weight, "weight", gradient.shape().last(), weight.shape().last());
        }

        @Override
        public List<Value> operands() {
            return List.of(gradient, weight);
        }

        @Override
        public Shape result() {
            return gradient.shape().withLast(weight.shape().last());
        }
    }

    /**
     * Of {@link Op.Linear}, to its weight: {@code gradientᵀ · x} over all rows, {@code [out, in]} in float32.
     *
     * @param x {@code [..., in]}
     * @param gradient {@code [..., out]}
     */
    record LinearWeightGradient(Value x, Value gradient) implements TrainingOp {
        public LinearWeightGradient {
            Shapes.requireRankAtLeast(x, 2);
            Shapes.requireShape(
                    gradient,
                    "gradient",
                    x.shape().withLast(gradient.shape().last()).extents());
        }

        @Override
        public List<Value> operands() {
            return List.of(x, gradient);
        }

        @Override
        public Shape result() {
            return Shape.of(gradient.shape().last(), x.shape().last());
        }

        @Override
        public Value.Kind kind() {
            return Value.Kind.FLOAT32;
        }
    }

    /**
     * Of {@link Op.Attention}, to what it reads, one after another along the positions: {@code [N, L, C]} to the queries and, if asked,
     * {@code [N, S, C]} each to the keys and the values. The scores are computed again.
     *
     * @param forward what is differentiated
     * @param gradient {@code [N, L, C]}
     * @param context whether keys and values get one
     */
    record AttentionGradient(Op.Attention forward, Value gradient, boolean context) implements TrainingOp {
        public AttentionGradient {
            Shapes.requireShape(gradient, "gradient", forward.result().extents());
        }

        @Override
        public List<Value> operands() {
            List<Value> operands = new ArrayList<>(forward.operands());
            operands.add(gradient);
            return List.copyOf(operands);
        }

        @Override
        public Shape result() {
            long queries = gradient.shape().extent(1);
            long keys = forward.key().shape().extent(1);
            return gradient.shape().with(1, queries + (context ? 2 * keys : 0));
        }
    }

    /**
     * Of {@link Op.GroupNorm}, to what it normalises.
     *
     * @param forward what is differentiated
     * @param gradient {@code [N, H, W, C]}
     */
    record GroupNormGradient(Op.GroupNorm forward, Value gradient) implements TrainingOp {
        public GroupNormGradient {
            Shapes.requireShape(gradient, "gradient", forward.result().extents());
        }

        @Override
        public List<Value> operands() {
            return List.of(forward.x(), forward.scale(), gradient);
        }
    }

    /**
     * Of {@link Op.LayerNorm}, to what it normalises.
     *
     * @param forward what is differentiated
     * @param gradient {@code [..., C]}
     */
    record LayerNormGradient(Op.LayerNorm forward, Value gradient) implements TrainingOp {
        public LayerNormGradient {
            Shapes.requireShape(gradient, "gradient", forward.result().extents());
        }

        @Override
        public List<Value> operands() {
            return List.of(forward.x(), forward.scale(), gradient);
        }
    }

    /** Of {@link Op.Elementwise}: {@code gradient · f′(x)}. */
    record ElementwiseGradient(Op.Elementwise forward, Value gradient) implements TrainingOp {
        public ElementwiseGradient {
            Shapes.requireShape(gradient, "gradient", forward.result().extents());
        }

        @Override
        public List<Value> operands() {
            return List.of(forward.x(), gradient);
        }
    }

    /**
     * Of {@link Op.Geglu}: to the first half {@code gradient · gelu(second)}, to the second {@code gradient · first · gelu′(second)}.
     *
     * @param forward what is differentiated; it reads {@code [..., 2C]}
     * @param gradient {@code [..., C]}
     */
    record GegluGradient(Op.Geglu forward, Value gradient) implements TrainingOp {
        public GegluGradient {
            Shapes.requireShape(gradient, "gradient", forward.result().extents());
        }

        @Override
        public List<Value> operands() {
            return List.of(forward.x(), gradient);
        }
    }

    /**
     * Of {@link Op.UpsampleNearest}: every element's copies are added up.
     *
     * @param gradient {@code [N, 2H or 2H − 1, 2W or 2W − 1, C]}; the result is {@code [N, H, W, C]}
     */
    record UpsampleNearestGradient(Value gradient) implements TrainingOp {
        public UpsampleNearestGradient {
            Shapes.requireRank(gradient, 4);
        }

        @Override
        public List<Value> operands() {
            return List.of(gradient);
        }

        @Override
        public Shape result() {
            Shape shape = gradient.shape();
            return shape.with(1, (shape.extent(1) + 1) / 2).with(2, (shape.extent(2) + 1) / 2);
        }
    }

    /** Zeros before and after {@code x} along {@code axis}, as many as given. */
    record Pad(Value x, int axis, long before, long after) implements TrainingOp {
        public Pad {
            Shapes.requireAxis(x, axis);
            Shapes.requireNotNegative(Math.min(before, after), "padding");
        }

        @Override
        public List<Value> operands() {
            return List.of(x);
        }

        @Override
        public Shape result() {
            return x.shape().with(axis, before + x.shape().extent(axis) + after);
        }
    }

    /**
     * Sums over axes, in float32.
     *
     * @param x any shape
     * @param shape as many axes; each extent equals {@code x}'s or is 1, and then all steps of that axis are added up
     */
    record SumTo(Value x, Shape shape) implements TrainingOp {
        public SumTo {
            Shapes.requireBroadcasts(shape, x.shape());
        }

        @Override
        public List<Value> operands() {
            return List.of(x);
        }

        @Override
        public Shape result() {
            return shape;
        }

        @Override
        public Value.Kind kind() {
            return Value.Kind.FLOAT32;
        }
    }

    /**
     * Of each item, the mean of its squared errors: {@code [N]}.
     *
     * @param prediction {@code [N, ...]}, float32
     * @param target the same shape, float32
     */
    record MeanSquaredError(Value prediction, Value target) implements TrainingOp {
        public MeanSquaredError {
            Shapes.requireRankAtLeast(prediction, 2);
            Shapes.requireShape(target, "target", prediction.shape().extents());
        }

        @Override
        public List<Value> operands() {
            return List.of(prediction, target);
        }

        @Override
        public Shape result() {
            return Shape.of(prediction.shape().extent(0));
        }
    }

    /**
     * Of {@link MeanSquaredError}, to the prediction: {@code gradient[n] · 2 / count · (prediction − target)}, where an item has
     * {@code count} elements.
     *
     * @param forward what is differentiated
     * @param gradient {@code [N]}, float32
     */
    record MeanSquaredErrorGradient(MeanSquaredError forward, Value gradient) implements TrainingOp {
        public MeanSquaredErrorGradient {
            Shapes.requireShape(gradient, "gradient", forward.result().extents());
        }

        @Override
        public List<Value> operands() {
            return List.of(forward.prediction(), forward.target(), gradient);
        }
    }
}
