package io.art2mus.backend.reference;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.PlanMemory;
import io.art2mus.graph.Graph;
import io.art2mus.graph.MemoryPlan;
import io.art2mus.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph with its parameters read. Runs one operation after another; a tensor is forgotten after its last reader. */
final class ReferencePlan implements Plan {
    private final Graph graph;
    private final Map<String, ReferenceBuffer> inputs = new LinkedHashMap<>();
    private final Map<String, ReferenceBuffer> outputs = new LinkedHashMap<>();
    private final Map<Value, Tensor> parameters = new HashMap<>();
    /** For each node, the tensors that no later node and no output reads. */
    private final List<List<Value>> lastRead;

    ReferencePlan(Graph graph, Map<String, DeviceBuffer> bound) {
        this.graph = graph;
        for (String name : bound.keySet()) {
            if (!graph.inputs().containsKey(name)) {
                throw new IllegalArgumentException("no input " + name + " to bind, there are "
                        + graph.inputs().keySet());
            }
        }
        graph.inputs().forEach((name, value) -> inputs.put(name, inputBuffer(name, value, bound)));
        graph.outputs().forEach((name, value) -> outputs.put(name, new ReferenceBuffer(Tensor.zeros(value.shape()))));
        graph.parameters().forEach((value, parameter) -> parameters.put(value, ParameterReader.read(parameter)));
        this.lastRead = lastRead(graph);
    }

    private static ReferenceBuffer inputBuffer(String name, Value value, Map<String, DeviceBuffer> bound) {
        DeviceBuffer given = bound.get(name);
        if (given == null) {
            return new ReferenceBuffer(Tensor.zeros(value.shape()));
        }
        if (!(given instanceof ReferenceBuffer buffer)) {
            throw new IllegalArgumentException("input " + name + " is bound to another backend's buffer");
        }
        if (!buffer.shape().equals(value.shape())) {
            throw new IllegalArgumentException(
                    "input " + name + " is " + value.shape() + ", bound to a buffer " + buffer.shape());
        }
        return buffer;
    }

    private static List<List<Value>> lastRead(Graph graph) {
        Set<Value> readLater = new HashSet<>(graph.outputs().values());
        List<List<Value>> lastRead = new ArrayList<>();
        for (Graph.Node node : graph.nodes().reversed()) {
            lastRead.add(node.op().operands().stream().filter(readLater::add).toList());
        }
        return lastRead.reversed();
    }

    @Override
    public DeviceBuffer input(String name) {
        return named(inputs, name, "input");
    }

    @Override
    public DeviceBuffer output(String name) {
        return named(outputs, name, "output");
    }

    private static ReferenceBuffer named(Map<String, ReferenceBuffer> buffers, String name, String role) {
        ReferenceBuffer buffer = buffers.get(name);
        if (buffer == null) {
            throw new IllegalArgumentException("no " + role + " " + name + ", there are " + buffers.keySet());
        }
        return buffer;
    }

    @Override
    public void run() {
        Evaluation evaluation = new Evaluation(parameters);
        graph.inputs()
                .forEach((name, value) ->
                        evaluation.put(value, named(inputs, name, "input").tensor()));
        for (int index = 0; index < graph.nodes().size(); index++) {
            Graph.Node node = graph.nodes().get(index);
            evaluation.put(node.result(), evaluation.of(node.op()));
            lastRead.get(index).forEach(evaluation::forget);
        }
        graph.outputs()
                .forEach(
                        (name, value) -> named(outputs, name, "output").tensor().copyFrom(evaluation.get(value)));
    }

    /** Nothing shares memory here. */
    @Override
    public MemoryPlan layout() {
        return new MemoryPlan(Map.of(), 0);
    }

    /** Everything lies on the Java heap, and nothing is shared. */
    @Override
    public PlanMemory memory() {
        return new PlanMemory(0, 0, 0, 0);
    }

    @Override
    public void close() {
        // The garbage collector owns every byte.
    }
}
