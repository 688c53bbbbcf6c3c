package io.art2mus.model;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.graph.Graph;
import io.art2mus.graph.HostTensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a graph once on values of a test. */
public final class Run {
    private Run() {}

    /** What a graph of one output makes, owned by {@code arena}. */
    public static HostTensor single(Arena arena, Backend backend, Graph graph, Map<String, HostTensor> inputs) {
        return of(arena, backend, graph, inputs).values().iterator().next();
    }

    /** Real inputs by name; outputs by name, owned by {@code arena}. */
    public static Map<String, HostTensor> of(
            Arena arena, Backend backend, Graph graph, Map<String, HostTensor> inputs) {
        return of(arena, backend, graph, inputs, Map.of());
    }

    /** The same with positions. */
    public static Map<String, HostTensor> of(
            Arena arena, Backend backend, Graph graph, Map<String, HostTensor> inputs, Map<String, Integer> positions) {
        try (Plan plan = backend.compile(graph)) {
            positions.forEach((name, position) -> plan.input(name).uploadPosition(position));
            return of(arena, plan, graph, inputs);
        }
    }

    /** One more run of a plan of {@code graph}. */
    public static Map<String, HostTensor> of(Arena arena, Plan plan, Graph graph, Map<String, HostTensor> inputs) {
        inputs.forEach((name, values) -> plan.input(name).upload(values));
        plan.run();
        Map<String, HostTensor> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, value) -> {
            HostTensor values = HostTensor.allocate(arena, value.shape());
            plan.output(name).download(values);
            outputs.put(name, values);
        });
        return outputs;
    }
}
