package io.art2mus.benchmarks.subject;

import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.cuda.CudaBackend;
import io.art2mus.backend.cuda.CudaPlan;
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
import org.jspecify.annotations.Nullable;

/**
 * A compiled graph. On the CPU a call uploads some inputs, runs, and downloads the outputs; on a GPU, whose generations keep what they
 * compute there, a call is as many runs as hide that somebody waits for the last.
 */
final class PlannedCall implements Opened {
    /** A call of so many seconds is long beside the microseconds of waiting. */
    private static final double LONG_CALL = 0.02;

    private static final int MOST_RUNS = 10_000;

    private final HandleScope scope;
    private final Graph graph;
    private final Plan plan;
    private final @Nullable CudaBackend gpu;
    private final Map<String, HostTensor> given = new LinkedHashMap<>();
    private final Map<String, HostTensor> made = new LinkedHashMap<>();

    private Runnable run;
    private int runs = 1;

    private PlannedCall(HandleScope scope, Graph graph, Plan plan, @Nullable CudaBackend gpu) {
        this.scope = scope;
        this.graph = graph;
        this.plan = plan;
        this.gpu = gpu;
        run = plan::run;
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
        PlannedCall call = new PlannedCall(scope, graph, plan, backend instanceof CudaBackend cuda ? cuda : null);
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

    /** On a GPU: without the CUDA graph that a plan usually is. */
    PlannedCall launchedOneByOne() {
        if (!(plan instanceof CudaPlan cuda)) {
            throw new IllegalStateException("no plan of a GPU");
        }
        run = cuda::enqueue;
        return this;
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
        if (gpu != null) {
            for (int i = 0; i < runs; i++) {
                run.run();
            }
            gpu.synchronize();
            return;
        }
        given.forEach((name, numbers) -> plan.input(name).upload(numbers));
        run.run();
        made.forEach((name, numbers) -> plan.output(name).download(numbers));
    }

    @Override
    public void settle() {
        if (gpu != null) {
            long began = System.nanoTime();
            call();
            double seconds = (System.nanoTime() - began) / 1e9;
            runs = (int) Math.clamp(LONG_CALL / seconds, 1, MOST_RUNS);
        }
    }

    @Override
    public int runs() {
        return runs;
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
