package io.art2mus.backend.cpu;

import io.art2mus.graph.Graph;
import io.art2mus.graph.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation and what is done to its result on the way to memory.
 *
 * @param node the operation; what it would make by itself has no place
 * @param half what a convolution's picture is the double of, where the convolution doubles it itself: read in the picture's place
 * @param after in order; empty for most operations
 * @param result what is written
 */
record FusedStep(Graph.Node node, @Nullable Value half, List<PostOperation> after, Value result) implements Graph.Step {
    FusedStep {
        after = List.copyOf(after);
    }

    /** An operation by itself. */
    static FusedStep of(Graph.Node node) {
        return new FusedStep(node, null, List.of(), node.result());
    }

    /** A convolution that doubles {@code half} itself. */
    static FusedStep doubling(Value half, Graph.Node convolution) {
        return new FusedStep(convolution, half, List.of(), convolution.result());
    }

    /** The same with one thing more done, which makes {@code later} of the result. */
    FusedStep then(PostOperation last, Value later) {
        List<PostOperation> longer = new ArrayList<>(after);
        longer.add(last);
        return new FusedStep(node, half, longer, later);
    }

    @Override
    public List<Value> operands() {
        List<Value> operands = new ArrayList<>(node.operands());
        if (half != null) {
            operands.set(0, half);
        }
        for (PostOperation operation : after) {
            if (operation instanceof PostOperation.Combination combination) {
                operands.add(combination.operand());
            }
        }
        return operands;
    }
}
