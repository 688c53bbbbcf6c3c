package io.art2mus.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation, and nothing else: fusion is the backends' affair. Backends lower operations with an exhaustive switch, so
 * that a new one which a backend forgets does not compile.
 *
 * <p>Activations are channels-last. Weights keep PyTorch's order; a backend repacks them when it compiles.
 */
public sealed interface Op
        permits Op.OnOne,
                Op.Conv2d,
                Op.ConvTranspose2d,
                Op.Linear,
                Op.Attention,
                Op.GroupNorm,
                Op.LayerNorm,
                Op.Add,
                Op.Concat,
                Op.SelectRow,
                TrainingOp {
    /** What it reads, in the order of its components; absent operands are left out. */
    List<Value> operands();

    /** Shape of what it makes: its first operand's, unless the operation says otherwise. */
    default Shape result() {
        return operands().getFirst().shape();
    }

    /** What the elements of its result mean: the same as its first operand's, unless the operation says otherwise. */
    default Value.Kind kind() {
        return operands().getFirst().kind();
    }

    /** An operation on one tensor. */
    sealed interface OnOne extends Op permits Elementwise, LeakyRelu, Geglu, Scale, Slice, UpsampleNearest, Reshape {
        /** What it reads. */
        Value x();

        @Override
        default List<Value> operands() {
            return List.of(x());
        }
    }

    /**
     * Two-dimensional convolution (cross-correlation, as everywhere in this field). Sequences are pictures of height 1.
     *
     * @param x {@code [N, H, W, C]}
     * @param weight {@code [out, C, kernel height, kernel width]}
     * @param bias {@code [out]}, or null
     * @param window stride, padding and dilation
     */
    record Conv2d(Value x, Value weight, @Nullable Value bias, Window window) implements Op {
        public Conv2d {
            Shapes.requireRank(x, 4);
            Shapes.requireRank(weight, 4);
            Shapes.requireShape(
                    weight,
                    "weight",
                    weight.shape().extent(0),
                    x.shape().last(),
                    weight.shape().extent(2),
                    weight.shape().extent(3));
            Shapes.requireShape(bias, "bias", weight.shape().extent(0));
        }

        @Override
        public List<Value> operands() {
            return present(x, weight, bias);
        }

        @Override
        public Shape result() {
            return Shapes.convolved(x.shape(), weight.shape(), window);
        }
    }

    /**
     * Transposed two-dimensional convolution, the gradient of {@link Conv2d} to its input: the extent along an axis is
     * {@code (extent − 1) · stride − padding + kernel}.
     *
     * @param x {@code [N, H, W, C]}
     * @param weight {@code [C, out, kernel height, kernel width]}
     * @param bias {@code [out]}, or null
     * @param window stride and padding; dilation must be 1
     */
    record ConvTranspose2d(Value x, Value weight, @Nullable Value bias, Window window) implements Op {
        public ConvTranspose2d {
            Shapes.requireRank(x, 4);
            Shapes.requireRank(weight, 4);
            Shapes.requireShape(
                    weight,
                    "weight",
                    x.shape().last(),
                    weight.shape().extent(1),
                    weight.shape().extent(2),
                    weight.shape().extent(3));
            Shapes.requireShape(bias, "bias", weight.shape().extent(1));
            if (window.dilationHeight() != 1 || window.dilationWidth() != 1) {
                throw new ShapeException("dilation must be 1");
            }
        }

        @Override
        public List<Value> operands() {
            return present(x, weight, bias);
        }

        @Override
        public Shape result() {
            return Shapes.convolvedTransposed(x.shape(), weight.shape(), window);
        }
    }

    /**
     * {@code y = x · weightᵀ + bias} along the innermost axis.
     *
     * @param x {@code [..., in]}
     * @param weight {@code [out, in]}
     * @param bias {@code [out]}, or null
     */
    record Linear(Value x, Value weight, @Nullable Value bias) implements Op {
        public Linear {
            Shapes.requireRankAtLeast(x, 2);
            Shapes.requireRank(weight, 2);
            Shapes.requireShape(
                    weight, "weight", weight.shape().extent(0), x.shape().last());
            Shapes.requireShape(bias, "bias", weight.shape().extent(0));
        }

        @Override
        public List<Value> operands() {
            return present(x, weight, bias);
        }

        @Override
        public Shape result() {
            return x.shape().withLast(weight.shape().extent(0));
        }
    }

    /**
     * Scaled dot-product attention of several heads, which share the innermost axis as equal consecutive runs:
     * {@code softmax(scale · q kᵀ + bias) v}.
     *
     * @param query {@code [N, L, C]}
     * @param key {@code [N, S, C]}
     * @param value {@code [N, S, C]}
     * @param bias added to the scores of every head: {@code [N, L, S]}, either of the first two extents may be 1; or null
     * @param heads number of heads; divides C
     * @param scale factor of the scores
     * @param causal whether query i sees keys 0 … i only (then L = S)
     * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017, section 3.2</a>
     */
    record Attention(
            Value query, Value key, Value value, @Nullable Value bias, int heads, float scale, boolean causal)
            implements Op {
        public Attention {
            Shapes.requireRank(query, 3);
            long rows = query.shape().extent(0);
            long keys = key.shape().rank() == 3 ? key.shape().extent(1) : 1;
            Shapes.requireShape(key, "key", rows, keys, query.shape().last());
            Shapes.requireShape(value, "value", rows, keys, query.shape().last());
            Shapes.requireDivides(heads, query.shape().last(), "heads");
            if (bias != null) {
                Shapes.requireBroadcasts(bias, Shape.of(rows, query.shape().extent(1), keys));
                Shapes.requireShape(
                        bias, "bias", bias.shape().extent(0), bias.shape().extent(1), keys);
            }
            if (causal && keys != query.shape().extent(1)) {
                throw new ShapeException("causal attention has " + query.shape() + " queries and " + keys + " keys");
            }
        }

        @Override
        public List<Value> operands() {
            return present(query, key, value, bias);
        }
    }

    /**
     * Group normalisation over the channels of {@code x}.
     *
     * @param x {@code [N, H, W, C]}
     * @param scale per-channel factor, {@code [C]}
     * @param shift per-channel offset, {@code [C]}
     * @param groups number of groups; divides C
     * @param epsilon added to the variance
     * @see <a href="https://arxiv.org/abs/1803.08494">Wu and He 2018, section 3.1</a>
     */
    record GroupNorm(Value x, Value scale, Value shift, int groups, float epsilon) implements Op {
        public GroupNorm {
            Shapes.requireRank(x, 4);
            Shapes.requireShape(scale, "scale", x.shape().last());
            Shapes.requireShape(shift, "shift", x.shape().last());
            Shapes.requireDivides(groups, x.shape().last(), "groups");
        }

        @Override
        public List<Value> operands() {
            return List.of(x, scale, shift);
        }
    }

    /**
     * Layer normalisation over the innermost axis.
     *
     * @param x {@code [..., C]}
     * @param scale {@code [C]}
     * @param shift {@code [C]}
     * @param epsilon added to the variance
     * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton 2016, section 3</a>
     */
    record LayerNorm(Value x, Value scale, Value shift, float epsilon) implements Op {
        public LayerNorm {
            Shapes.requireRankAtLeast(x, 2);
            Shapes.requireShape(scale, "scale", x.shape().last());
            Shapes.requireShape(shift, "shift", x.shape().last());
        }

        @Override
        public List<Value> operands() {
            return List.of(x, scale, shift);
        }
    }

    /** A function of every element by itself. */
    record Elementwise(Value x, Function function) implements OnOne {
        /** The functions there are; {@link LeakyRelu} has a slope and stands apart. */
        public enum Function {
            /** {@code x / (1 + e^−x)}. */
            SILU,
            /** {@code x · Φ(x)} with the normal distribution's own Φ (erf). */
            GELU,
            /** The tanh approximation of GELU, {@code gelu_new} in GPT-2 and FLAN-T5. */
            GELU_TANH,
            TANH
        }
    }

    /**
     * {@code x} where positive, else {@code slope · x}.
     *
     * @param x any shape
     * @param slope 0.1 inside HiFi-GAN, 0.01 before its last convolution
     */
    record LeakyRelu(Value x, float slope) implements OnOne {}

    /**
     * The first half of the innermost axis times GELU (erf) of the second.
     *
     * @param x {@code [..., 2C]}
     * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer 2020, section 2</a>
     */
    record Geglu(Value x) implements OnOne {
        public Geglu {
            Shapes.requireRankAtLeast(x, 2);
            Shapes.requireDivides(2, x.shape().last(), "halves");
        }

        @Override
        public Shape result() {
            return x.shape().withLast(x.shape().last() / 2);
        }
    }

    /**
     * Sum.
     *
     * @param a any shape
     * @param b as many axes; each extent equals {@code a}'s or is 1 and then repeats
     */
    record Add(Value a, Value b) implements Op {
        public Add {
            Shapes.requireBroadcasts(b, a.shape());
        }

        @Override
        public List<Value> operands() {
            return List.of(a, b);
        }
    }

    /** {@code factor · x}. */
    record Scale(Value x, float factor) implements OnOne {}

    /** Several tensors one after another along {@code axis}; their other extents are equal. */
    record Concat(List<Value> parts, int axis) implements Op {
        public Concat {
            parts = List.copyOf(parts);
            Shapes.requirePositive(parts.size(), "number of parts");
            for (Value part : parts) {
                Shapes.requireAxis(part, axis);
                Shapes.requireShape(
                        part,
                        "part",
                        parts.getFirst()
                                .shape()
                                .with(axis, part.shape().extent(axis))
                                .extents());
            }
        }

        @Override
        public List<Value> operands() {
            return parts;
        }

        @Override
        public Shape result() {
            long extent = 0;
            for (Value part : parts) {
                extent += part.shape().extent(axis);
            }
            return parts.getFirst().shape().with(axis, extent);
        }
    }

    /** {@code length} steps of {@code axis} from {@code start} on. */
    record Slice(Value x, int axis, long start, long length) implements OnOne {
        public Slice {
            Shapes.requireAxis(x, axis);
            if (start < 0 || length < 1 || length > x.shape().extent(axis) - start) {
                throw new ShapeException(
                        "no " + length + " steps from " + start + " on along axis " + axis + " of " + x.shape());
            }
        }

        @Override
        public Shape result() {
            return x.shape().with(axis, length);
        }
    }

    /**
     * Doubles height and width by repeating rows and columns, then cuts to the asked extents: a skip connection of odd extent
     * wants one row less.
     *
     * @param x {@code [N, H, W, C]}
     * @param height 2H or 2H − 1
     * @param width 2W or 2W − 1
     */
    record UpsampleNearest(Value x, long height, long width) implements OnOne {
        public UpsampleNearest {
            Shapes.requireRank(x, 4);
            if ((height + 1) / 2 != x.shape().extent(1)
                    || (width + 1) / 2 != x.shape().extent(2)) {
                throw new ShapeException("cannot double " + x.shape() + " to " + height + " by " + width);
            }
        }

        @Override
        public Shape result() {
            return Shape.of(x.shape().extent(0), height, width, x.shape().last());
        }
    }

    /** The same elements in the same order under another shape. */
    record Reshape(Value x, Shape shape) implements OnOne {
        public Reshape {
            if (shape.elements() != x.shape().elements()) {
                throw new ShapeException("cannot see " + x.shape() + " as " + shape);
            }
        }

        @Override
        public Shape result() {
            return shape;
        }
    }

    /**
     * One row of a table. The position is a tensor, so that one plan serves every step of a loop.
     *
     * @param table {@code [rows, ...]}
     * @param position {@code [1]}, positions
     */
    record SelectRow(Value table, Value position) implements Op {
        public SelectRow {
            Shapes.requireRankAtLeast(table, 2);
            Shapes.requireShape(position, "position", 1);
            if (position.kind() != Value.Kind.INDEX) {
                throw new ShapeException("position must be an index");
            }
        }

        @Override
        public List<Value> operands() {
            return List.of(table, position);
        }

        @Override
        public Shape result() {
            return table.shape().with(0, 1);
        }
    }

    private static List<Value> present(@Nullable Value... values) {
        List<Value> present = new ArrayList<>();
        for (Value value : values) {
            if (value != null) {
                present.add(value);
            }
        }
        return List.copyOf(present);
    }
}
