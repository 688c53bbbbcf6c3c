package io.art2mus.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Appends to a graph the way back: the products of a vector with the Jacobian of everything the graph does between some inputs and a
 * value. What does not lie between the two gets no operation, and what the way back reads is kept because it reads it.
 *
 * @see <a href="https://arxiv.org/abs/1502.05767">Baydin et al. 2018, section 3.2</a>: reverse mode
 */
public final class Gradients {
    private final GraphBuilder builder;
    private final Set<Value> depending = new HashSet<>();
    private final Map<Value, Value> gradients = new HashMap<>();

    private Gradients(GraphBuilder builder) {
        this.builder = builder;
    }

    /**
     * The gradients of {@code Σ seed · value} to each of the inputs, of their shapes; to a Linear's weight or bias in float32.
     *
     * @param builder the graph so far; its last operation is the last one on the way
     * @param value what is differentiated
     * @param seed the vector, of {@code value}'s shape and kind; for a loss of several items, their weights
     * @param inputs any values of the graph that {@code value} depends on
     * @throws IllegalArgumentException where it does not depend on one of them, or passes an operation that has no gradient
     */
    public static List<Value> of(GraphBuilder builder, Value value, Value seed, List<Value> inputs) {
        Shapes.requireShape(seed, "seed", value.shape().extents());
        return new Gradients(builder).of(value, seed, inputs);
    }

    private List<Value> of(Value value, Value seed, List<Value> inputs) {
        List<Graph.Node> forward = builder.build().nodes();
        depending.addAll(inputs);
        for (Graph.Node node : forward) {
            if (node.operands().stream().anyMatch(depending::contains)) {
                depending.add(node.result());
            }
        }
        gradients.put(value, seed);
        for (Graph.Node node : forward.reversed()) {
            Value gradient = gradients.get(node.result());
            if (gradient != null && depending.contains(node.result())) {
                new VectorJacobianProduct(builder.standingAt(node.path()), depending::contains, this::add)
                        .of(node.op(), gradient);
            }
        }
        List<Value> wanted = new ArrayList<>();
        for (Value input : inputs) {
            Value gradient = gradients.get(input);
            if (gradient == null) {
                throw new IllegalArgumentException("value " + value.id() + " does not depend on value " + input.id()
                        + " " + input.shape() + ", which a gradient is asked for");
            }
            wanted.add(gradient);
        }
        return List.copyOf(wanted);
    }

    /** What several operations read gets the sum of what comes back from each. */
    private void add(GraphBuilder at, Value value, Value gradient) {
        gradients.merge(value, gradient, at::add);
    }
}
