package io.art2mus.graph;

import java.util.List;
import java.util.Map;

/**
 * A computation: what goes in, what is fixed, which operations run in which order, what comes out.
 *
 * @param inputs by name, filled before a run
 * @param parameters frozen tensors of the checkpoint
 * @param nodes operations, each after those it reads
 * @param outputs by name, kept after a run
 */
public record Graph(
        Map<String, Value> inputs, Map<Value, Parameter> parameters, List<Node> nodes, Map<String, Value> outputs) {
    /** What a plan does at once: one operation, or several that a backend runs as one. */
    public interface Step {
        /** What it reads; one that it reads twice may stand twice. */
        List<Value> operands();

        /** What it makes. */
        Value result();
    }

    /**
     * One operation in its place.
     *
     * @param path where in the model it stands, such as {@code mid_block.resnets.0}
     * @param op what is done
     * @param result what it makes
     */
    public record Node(String path, Op op, Value result) implements Step {
        @Override
        public List<Value> operands() {
            return op.operands();
        }
    }
}
