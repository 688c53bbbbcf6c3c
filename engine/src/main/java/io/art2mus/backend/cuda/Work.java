package io.art2mus.backend.cuda;

import io.art2mus.graph.Graph;
import io.art2mus.graph.Op;
import io.art2mus.graph.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a plan does at once: an operation, or several that a library or a kernel runs as one. */
sealed interface Work extends Graph.Step {
    /** The operation that gave it its place in the order, and its path. */
    Graph.Node node();

    /** An operation by itself. */
    record Single(Graph.Node node, List<Value> operands) implements Work {
        @Override
        public Value result() {
            return node.result();
        }
    }

    /** A concatenation that the next step writes on its way: it has a place, and nothing is done for it here. */
    record Reserved(Graph.Node node) implements Work {
        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public Value result() {
            return node.result();
        }
    }

    /**
     * Linear layers that read the same tensor, a convolution of one position, or the way back through one of either, as one product.
     *
     * @param weights matrices {@code [out, in]}, whose rows follow one another in the result's innermost axis; on the way back one
     *     {@code [in, out]}
     * @param back whether it is the way back
     * @param biases {@code [out]}, as many as there are weights, or none
     * @param gelu whether the tanh approximation of GELU comes last; never together with a residual
     * @param residual added to the product, like the result; or null
     */
    record Product(
            Graph.Node node,
            Value x,
            List<Value> weights,
            boolean back,
            List<Value> biases,
            boolean gelu,
            @Nullable Value residual,
            Value result)
            implements Work {
        public Product {
            weights = List.copyOf(weights);
            biases = List.copyOf(biases);
        }

        @Override
        public List<Value> operands() {
            List<Value> operands = new ArrayList<>(weights);
            operands.addAll(biases);
            operands.add(x);
            addPresent(operands, residual);
            return operands;
        }
    }

    /**
     * A convolution, perhaps a transposed one.
     *
     * @param residual added to what it makes, like the result; or null
     * @param slope of the leaky ReLU at the end; null where there is none
     */
    record Convolution(
            Graph.Node node,
            @Nullable Value residual,
            @Nullable Float slope,
            Value result) implements Work {
        @Override
        public List<Value> operands() {
            List<Value> operands = new ArrayList<>(node.operands());
            addPresent(operands, residual);
            return operands;
        }
    }

    /**
     * Group normalisation with what surrounds it.
     *
     * @param x the channels that come first
     * @param second the other channels; null where {@code x} has them all
     * @param joined where both are written one after the other, for others who read them; null where {@code second} is
     * @param shift what is added to each channel before; or null
     * @param silu whether SiLU comes last
     */
    record Norm(
            Graph.Node node,
            Op.GroupNorm op,
            Value x,
            @Nullable Value second,
            @Nullable Value joined,
            @Nullable Shift shift,
            boolean silu,
            Value result)
            implements Work {
        @Override
        public List<Value> operands() {
            List<Value> operands = new ArrayList<>(List.of(x, op.scale(), op.shift()));
            addPresent(operands, second);
            addPresent(operands, joined);
            if (shift != null) {
                operands.add(shift.table());
                addPresent(operands, shift.position());
            }
            return operands;
        }
    }

    /**
     * What comes back through a group normalisation.
     *
     * @param gradient of the normalisation's result, or of SiLU of it
     * @param silu whether it comes back through SiLU first, whose operand is then computed again
     */
    record NormBackward(Graph.Node node, Op.GroupNorm op, Value gradient, boolean silu) implements Work {
        @Override
        public List<Value> operands() {
            return List.of(op.x(), op.scale(), op.shift(), gradient);
        }

        @Override
        public Value result() {
            return node.result();
        }
    }

    /**
     * A row of a table, one number a channel.
     *
     * @param table {@code [rows, channels]}
     * @param position which row all pictures take; null where each picture takes its own, or all the only one
     */
    record Shift(Value table, @Nullable Value position) {}

    private static void addPresent(List<Value> operands, @Nullable Value value) {
        if (value != null) {
            operands.add(value);
        }
    }
}
