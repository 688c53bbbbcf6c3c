package io.art2mus.benchmarks.subject;

import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.Graph;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A compiled graph: a call uploads some inputs, runs, and downloads the outputs. */
final class PlannedCall implements Opened {
    private final HandleScope scope;
    private final Graph graph;
    private final Plan plan;
    private final Map<String, HostTensor> given = new LinkedHashMap<>();
    private final Map<String, HostTensor> made = new LinkedHashMap<>();

    private PlannedCall(HandleScope scope, Graph graph, Plan plan) {
        this.scope = scope;
        this.graph = graph;
        this.plan = plan;
    }

    /**
     * Compiles a graph and fills its inputs with normally distributed numbers, positions with 0.
     *
     * @param scope takes ownership; weights that the graph reads are in it already
     * @param bound inputs that lie on the device already
     * @param identity of the weights, by which they are kept repacked
     */
    static PlannedCall of(
            HandleScope scope,
            Backend backend,
            Graph graph,
            Map<String, DeviceBuffer> bound,
            Optional<String> identity) {
        Arena arena = scope.own(Arena.ofConfined());
        Plan plan = scope.own(backend.compile(graph, bound, identity));
        PlannedCall call = new PlannedCall(scope, graph, plan);
        graph.inputs().forEach((name, value) -> {
            if (value.kind() == Value.Kind.INDEX) {
                plan.input(name).uploadPosition(0);
            } else if (!bound.containsKey(name)) {
                HostTensor numbers = normal(arena, value.shape());
                plan.input(name).upload(numbers);
                call.given.put(name, numbers);
            }
        });
        graph.outputs().forEach((name, value) -> call.made.put(name, HostTensor.allocate(arena, value.shape())));
        return call;
    }

    /** The same where every input is uploaded. */
    static PlannedCall of(HandleScope scope, Backend backend, Graph graph, Optional<String> identity) {
        return of(scope, backend, graph, Map.of(), identity);
    }

    /** Replaces an input once, which calls upload no more. */
    PlannedCall keeping(String name, float value) {
        HostTensor numbers = kept(name);
        for (long i = 0; i < numbers.shape().elements(); i++) {
            numbers.set(i, value);
        }
        plan.input(name).upload(numbers);
        return this;
    }

    /** The same with numbers of the input's shape, which are read now. */
    void keeping(String name, HostTensor numbers) {
        kept(name);
        plan.input(name).upload(numbers);
    }

    private HostTensor kept(String name) {
        HostTensor numbers = given.remove(name);
        if (numbers == null) {
            throw new IllegalArgumentException("there is no input " + name + ", there are " + given.keySet());
        }
        return numbers;
    }

    static HostTensor normal(Arena arena, Shape shape) {
        Random random = new Random(1);
        HostTensor numbers = HostTensor.allocate(arena, shape);
        for (long i = 0; i < shape.elements(); i++) {
            numbers.set(i, (float) random.nextGaussian());
        }
        return numbers;
    }

    @Override
    public void call() {
        given.forEach((name, numbers) -> plan.input(name).upload(numbers));
        plan.run();
        made.forEach((name, numbers) -> plan.output(name).download(numbers));
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public void close() {
        scope.close();
    }
}
