package io.art2mus.backend.cpu;

import io.art2mus.graph.Graph;
import io.art2mus.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation and what is done to its result on the way to memory.
 *
 * @param node the operation; what it would make by itself has no place
 * @param after in order; empty for most operations
 * @param result what is written
 */
record FusedStep(Graph.Node node, List<PostOperation> after, Value result) implements Graph.Step {
    FusedStep {
        after = List.copyOf(after);
    }

    /** An operation by itself. */
    static FusedStep of(Graph.Node node) {
        return new FusedStep(node, List.of(), node.result());
    }

    /** The same with one thing more done, which makes {@code later} of the result. */
    FusedStep then(PostOperation last, Value later) {
        List<PostOperation> longer = new ArrayList<>(after);
        longer.add(last);
        return new FusedStep(node, longer, later);
    }

    @Override
    public List<Value> operands() {
        List<Value> operands = new ArrayList<>(node.operands());
        for (PostOperation operation : after) {
            if (operation instanceof PostOperation.Combination combination) {
                operands.add(combination.operand());
            }
        }
        return operands;
    }
}
