package io.art2mus.backend.cuda;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.PlanMemory;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.cuda.CudaGraph;
import io.art2mus.ffi.cuda.ExecutableGraph;
import io.art2mus.ffi.nvtx.Nvtx;
import io.art2mus.graph.Graph;
import io.art2mus.graph.MemoryPlan;
import java.lang.foreign.Arena;
import java.util.Map;

/** A graph as one CUDA graph: a run is one call, whatever it computes. */
public final class CudaPlan implements Plan {
    private final HandleScope scope;
    private final MemoryPlan layout;
    private final PlanMemory memory;
    private final Tensors tensors;
    private final int kernels;
    private final Runnable[] steps;
    private final Runnable replay;

    private CudaPlan(
            HandleScope scope,
            MemoryPlan layout,
            PlanMemory memory,
            Tensors tensors,
            int kernels,
            Runnable[] steps,
            Runnable replay) {
        this.scope = scope;
        this.layout = layout;
        this.memory = memory;
        this.tensors = tensors;
        this.kernels = kernels;
        this.steps = steps;
        this.replay = replay;
    }

    static CudaPlan compile(Graph graph, Map<String, DeviceBuffer> bound, Target target) {
        try (HandleScope scope = new HandleScope()) {
            Arena arena = scope.own(Arena.ofConfined());
            Fused fused = Fusions.of(graph);
            MemoryPlan layout =
                    MemoryPlan.of(graph, fused.steps(), target.elements().bytes());
            Staging staging = scope.own(new Staging(target.cuda(), target.stream()));
            DeviceArena activations = new DeviceArena(
                    target.cuda(), scope, Tensors.expectedBytes(graph, layout, bound, target.elements()));
            DeviceArena parameters =
                    new DeviceArena(target.cuda(), scope, Weights.expectedBytes(fused.parameters(), target.elements()));
            DeviceArena scratchpad = new DeviceArena(target.cuda(), scope, 0);
            Tensors tensors = new Tensors(graph, fused, layout, bound, activations, staging, target.elements());
            Weights weights = new Weights(fused.parameters(), target.elements(), parameters, staging);
            Program program = new Program(target, scope, scratchpad);
            Lowering lowering = new Lowering(target, tensors, weights, program, arena, scratchpad);
            fused.steps().forEach(lowering::lower);
            Runnable[] steps = program.finish();
            PlanMemory memory = new PlanMemory(
                    parameters.bytes(), layout.bytes(), activations.bytes() - layout.bytes(), scratchpad.bytes());
            tensors.clearInputs(target.stream());
            // Once outside of a recording: what a library does at its first call may not be recorded.
            enqueue(steps);
            target.stream().synchronize();
            try (CudaGraph recorded = target.stream().capture(() -> enqueue(steps))) {
                int kernels = recorded.kernels();
                ExecutableGraph executable = scope.own(ExecutableGraph.of(target.cuda(), recorded, target.stream()));
                String network = name(graph);
                Runnable launch = () -> executable.launch(target.stream());
                Runnable replay = Nvtx.ofProcess()
                        .map(ranges -> ranges.around(network, launch))
                        .orElse(launch);
                return new CudaPlan(scope.release(), layout, memory, tensors, kernels, steps, replay);
            }
        }
    }

    /** What the network is called in paths: {@code unet} where the first is {@code unet.conv_in}. */
    private static String name(Graph graph) {
        return graph.nodes().isEmpty()
                ? "empty"
                : graph.nodes().getFirst().path().replaceAll("\\..*", "");
    }

    private static void enqueue(Runnable[] steps) {
        for (Runnable step : steps) {
            step.run();
        }
    }

    @Override
    public DeviceBuffer input(String name) {
        return inputBuffer(name);
    }

    @Override
    public DeviceBuffer output(String name) {
        return outputBuffer(name);
    }

    /** {@link #input}, and where it lies. */
    CudaBuffer inputBuffer(String name) {
        return DeviceBuffer.named(tensors.inputs(), name, "input");
    }

    /** {@link #output}, and where it lies. */
    CudaBuffer outputBuffer(String name) {
        return DeviceBuffer.named(tensors.outputs(), name, "output");
    }

    /** Appends a run to the backend's stream and does not wait for it. */
    @Override
    public void run() {
        replay.run();
    }

    /** Appends the same work launch by launch, as it would run without a CUDA graph: to be recorded with other work, or timed. */
    public void enqueue() {
        enqueue(steps);
    }

    /** Launches of kernels in a run, as they were recorded. */
    public int kernels() {
        return kernels;
    }

    @Override
    public MemoryPlan layout() {
        return layout;
    }

    @Override
    public PlanMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        scope.close();
    }
}
