package io.art2mus.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long each intermediate tensor is needed. A reshaped tensor is its source under another name and lives as one. */
public final class Liveness {
    private Liveness() {}

    /**
     * From the step that makes a tensor to the last one that reads it, both counted, as positions in the order of execution.
     */
    public record Life(int first, int last) {
        /** Whether some step touches both. */
        public boolean overlaps(Life other) {
            return first <= other.last && other.first <= last;
        }

        private Life until(int step) {
            return new Life(first, Math.max(last, step));
        }
    }

    /**
     * Lives of the tensors that steps make, outputs of the graph and reshaped names left out.
     *
     * @param steps the graph's operations in an order of execution, some of them perhaps run as one
     */
    public static Map<Value, Life> of(Graph graph, List<? extends Graph.Step> steps) {
        Map<Value, Value> origins = origins(graph);
        Map<Value, Life> lives = new LinkedHashMap<>();
        for (int index = 0; index < steps.size(); index++) {
            Graph.Step step = steps.get(index);
            if (!origins.containsKey(step.result())) {
                lives.put(step.result(), new Life(index, index));
            }
            for (Value operand : step.operands()) {
                int reader = index;
                lives.computeIfPresent(origin(origins, operand), (value, life) -> life.until(reader));
            }
        }
        for (Value output : graph.outputs().values()) {
            lives.remove(origin(origins, output));
        }
        return lives;
    }

    /** For each reshaped value, the value whose memory it names. */
    public static Map<Value, Value> origins(Graph graph) {
        Map<Value, Value> origins = new HashMap<>();
        for (Graph.Node node : graph.nodes()) {
            if (node.op() instanceof Op.Reshape reshape) {
                origins.put(node.result(), origin(origins, reshape.x()));
            }
        }
        return origins;
    }

    private static Value origin(Map<Value, Value> origins, Value value) {
        return origins.getOrDefault(value, value);
    }
}
