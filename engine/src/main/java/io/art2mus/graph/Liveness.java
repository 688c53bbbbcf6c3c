package io.art2mus.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long each intermediate tensor is needed. A reshaped tensor is its source under another name and lives as one. */
public final class Liveness {
    private Liveness() {}

    /**
     * From the operation that makes a tensor to the last one that reads it, both counted, as positions in
     * {@link Graph#nodes()}.
     */
    public record Life(int first, int last) {
        /** Whether some operation touches both. */
        public boolean overlaps(Life other) {
            return first <= other.last && other.first <= last;
        }

        private Life until(int node) {
            return new Life(first, Math.max(last, node));
        }
    }

    /** Lives of the tensors that operations make, outputs of the graph and reshaped names left out. */
    public static Map<Value, Life> of(Graph graph) {
        Map<Value, Value> origins = origins(graph);
        Map<Value, Life> lives = new LinkedHashMap<>();
        List<Graph.Node> nodes = graph.nodes();
        for (int index = 0; index < nodes.size(); index++) {
            Graph.Node node = nodes.get(index);
            if (!(node.op() instanceof Op.Reshape)) {
                lives.put(node.result(), new Life(index, index));
            }
            for (Value operand : node.op().operands()) {
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
