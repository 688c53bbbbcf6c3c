package io.art2mus.backend.cpu;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.Execution;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.graph.MemoryPlan;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The steps of a plan while it is compiled. All primitives share one scratchpad, whose size is known when the last of them is:
 * arguments are laid out at the end.
 */
final class Program {
    private final Target target;
    private final HandleScope scope;
    private final Arena arena;
    private final List<Function<DnnlMemory, Runnable>> steps = new ArrayList<>();
    private long scratchpadBytes = 1;

    Program(Target target, HandleScope scope, Arena arena) {
        this.target = target;
        this.scope = scope;
        this.arena = arena;
    }

    /** Takes ownership of the primitive and runs it next. */
    void then(Primitive primitive, Map<Argument, DnnlMemory> arguments) {
        scope.own(primitive);
        scratchpadBytes = Math.max(scratchpadBytes, primitive.scratchpadBytes());
        steps.add(scratchpad -> {
            Map<Argument, DnnlMemory> all = new HashMap<>(arguments);
            all.put(Argument.SCRATCHPAD, scratchpad);
            Execution execution = scope.own(Execution.prepare(primitive, all));
            return () -> execution.run(target.stream());
        });
    }

    /** Runs host code next, after everything before it has finished. */
    void thenOnHost(Runnable step) {
        steps.add(scratchpad -> () -> {
            target.stream().await();
            step.run();
        });
    }

    /** A view on bytes for a primitive's argument; the plan owns both objects. */
    DnnlMemory memory(MemoryDescriptor descriptor, MemorySegment data) {
        return scope.own(DnnlMemory.over(target.engine(), scope.own(descriptor), data));
    }

    /** The finished order of execution. */
    Runnable[] finish() {
        MemorySegment bytes = arena.allocate(scratchpadBytes, MemoryPlan.ALIGNMENT);
        DnnlMemory scratchpad = memory(MemoryDescriptor.plain(DataType.U8, scratchpadBytes), bytes);
        Runnable[] order = new Runnable[steps.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = steps.get(i).apply(scratchpad);
        }
        return order;
    }
}
