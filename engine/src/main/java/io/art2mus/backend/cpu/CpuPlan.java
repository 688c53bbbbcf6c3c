package io.art2mus.backend.cpu;

import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.PlanMemory;
import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.Graph;
import io.art2mus.graph.MemoryPlan;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A graph as a fixed order of oneDNN executions. */
final class CpuPlan implements Plan {
    private final HandleScope scope;
    private final Target target;
    private final MemoryPlan layout;
    private final PlanMemory memory;
    private final Tensors tensors;
    private final Runnable[] steps;

    private CpuPlan(
            HandleScope scope, Target target, MemoryPlan layout, PlanMemory memory, Tensors tensors, Runnable[] steps) {
        this.scope = scope;
        this.target = target;
        this.layout = layout;
        this.memory = memory;
        this.tensors = tensors;
        this.steps = steps;
    }

    /**
     * Compiles a graph.
     *
     * @param opening finds the parameters that an earlier process repacked, mapped into an arena; null where none are kept
     */
    static CpuPlan compile(
            Graph graph,
            Map<String, DeviceBuffer> bound,
            Target target,
            @Nullable Function<Arena, RepackedWeights> opening) {
        try (HandleScope scope = new HandleScope()) {
            // Host code has threads of its own.
            Arena arena = scope.own(Arena.ofShared());
            Fusions.Fused fused = Fusions.of(graph, new ConvolutionChoices(target)::doublingIsFaster);
            MemoryPlan layout =
                    MemoryPlan.of(graph, fused.steps(), target.precision().bytes());
            CountingArena buffers = new CountingArena(arena);
            Tensors tensors = new Tensors(graph, layout, bound, buffers, target.precision());
            CountingArena scratchpad = new CountingArena(arena);
            Program program = new Program(target, scope, scratchpad);
            CountingArena copies = new CountingArena(arena);
            @Nullable RepackedWeights repacked = opening == null ? null : opening.apply(arena);
            Weights weights = new Weights(fused.parameters(), target, scope, copies, repacked);
            Lowering lowering = new Lowering(target, tensors, weights, program, arena);
            fused.steps().forEach(lowering::lower);
            if (repacked != null) {
                repacked.keep();
            }
            Runnable[] steps = program.finish();
            PlanMemory memory = new PlanMemory(
                    copies.bytes(), layout.bytes(), buffers.bytes() - layout.bytes(), scratchpad.bytes());
            return new CpuPlan(scope.release(), target, layout, memory, tensors, steps);
        }
    }

    @Override
    public DeviceBuffer input(String name) {
        return DeviceBuffer.named(tensors.inputs(), name, "input");
    }

    @Override
    public DeviceBuffer output(String name) {
        return DeviceBuffer.named(tensors.outputs(), name, "output");
    }

    @Override
    public void run() {
        for (Runnable step : steps) {
            step.run();
        }
        target.stream().await();
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
