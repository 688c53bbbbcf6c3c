package io.art2mus.backend.cuda;

import io.art2mus.graph.Graph;
import io.art2mus.graph.Liveness;
import io.art2mus.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who makes and who reads each tensor of a graph. */
final class Uses {
    private final Map<Value, Graph.Node> makers = new HashMap<>();
    private final Map<Value, List<Graph.Node>> readers = new HashMap<>();
    private final Map<Graph.Node, Integer> order = new HashMap<>();
    private final Map<Value, Value> origins;
    private final Set<Value> outputs;

    Uses(Graph graph) {
        origins = Liveness.origins(graph);
        outputs = new HashSet<>(graph.outputs().values());
        for (Graph.Node node : graph.nodes()) {
            order.put(node, order.size());
            makers.put(node.result(), node);
            node.operands()
                    .forEach(operand -> readers.computeIfAbsent(operand, _ -> new ArrayList<>())
                            .add(node));
        }
    }

    /** Null for inputs and parameters. */
    Graph.@Nullable Node maker(Value value) {
        return makers.get(value);
    }

    /** In order; one that reads it twice stands twice. */
    List<Graph.Node> readers(Value value) {
        return readers.getOrDefault(value, List.of());
    }

    boolean isOutput(Value value) {
        return outputs.contains(value);
    }

    /** Who alone reads a tensor, once; null where others do, or the graph hands it out. */
    Graph.@Nullable Node soleReader(Value value) {
        List<Graph.Node> all = readers(value);
        return all.size() == 1 && !isOutput(value) ? all.getFirst() : null;
    }

    /** The tensor that a reshaped one is another name of; others themselves. */
    Value origin(Value value) {
        return origins.getOrDefault(value, value);
    }

    /** Whether a tensor is there when {@code node} runs. */
    boolean isThereBefore(Value value, Graph.Node node) {
        Graph.Node maker = maker(origin(value));
        return maker == null || position(maker) < position(node);
    }

    private int position(Graph.Node node) {
        return order.getOrDefault(node, -1);
    }
}
