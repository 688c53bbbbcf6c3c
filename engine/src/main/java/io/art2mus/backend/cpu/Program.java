package io.art2mus.backend.cpu;

import io.art2mus.backend.OperationEvent;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.onednn.Argument;
import io.art2mus.ffi.onednn.DataType;
import io.art2mus.ffi.onednn.DnnlMemory;
import io.art2mus.ffi.onednn.Execution;
import io.art2mus.ffi.onednn.MemoryDescriptor;
import io.art2mus.ffi.onednn.Operation;
import io.art2mus.ffi.onednn.Primitive;
import io.art2mus.ffi.onednn.PrimitiveAttributes;
import io.art2mus.ffi.onednn.Reorder;
import io.art2mus.graph.Graph;
import io.art2mus.graph.MemoryPlan;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a plan while it is compiled. All primitives share one scratchpad, whose size is known when the last of them is:
 * arguments are laid out at the end.
 */
final class Program {
    private final Target target;
    private final HandleScope scope;
    private final Arena arena;
    private final Layouts layouts;
    private final Map<Operation, Primitive> primitives = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private Graph.@Nullable Node node;
    private long scratchpadBytes = 1;

    /** What is done next for a node of the graph, once the scratchpad is there. */
    private record Step(Graph.@Nullable Node node, Function<Operand, Runnable> preparation) {
        Runnable prepare(Operand scratchpad) {
            Runnable work = preparation.apply(scratchpad);
            // Asked here, for the first touch of an event's class makes the recorder instrument it.
            return node == null || !FlightRecorder.isInitialized() ? work : OperationEvent.around(node, work);
        }
    }

    Program(Target target, HandleScope scope, Arena arena) {
        this.target = target;
        this.scope = scope;
        this.arena = arena;
        layouts = new Layouts(scope);
    }

    /**
     * Takes ownership of a native object. All that is made for a plan goes through here in the expression that makes it, so that
     * nothing is left behind when something later fails.
     */
    <T extends NativeHandle> T own(T handle) {
        return scope.own(handle);
    }

    /** Where the plan's layouts come from. */
    Layouts layouts() {
        return layouts;
    }

    /** The primitive of an operation, one for all equal ones. */
    Primitive primitive(Operation operation) {
        return primitives.computeIfAbsent(operation, absent -> own(absent.create(target.engine())));
    }

    /** What follows is done for this node. */
    void at(Graph.Node node) {
        this.node = node;
    }

    /** Bytes seen as {@code descriptor} says. */
    Operand operand(MemoryDescriptor descriptor, MemorySegment data) {
        return new Operand(descriptor, own(DnnlMemory.over(target.engine(), descriptor, data)));
    }

    /** Copies {@code from} to {@code to}, of the same dimensions, next. */
    void thenCopy(Operand from, Operand to) {
        then(
                primitive(new Reorder(from.descriptor(), to.descriptor(), PrimitiveAttributes.PLAIN)),
                Map.of(Argument.SRC, from, Argument.DST, to));
    }

    /** Runs a primitive next. */
    void then(Primitive primitive, Map<Argument, Operand> arguments) {
        scratchpadBytes = Math.max(scratchpadBytes, primitive.scratchpadBytes());
        steps.add(new Step(node, scratchpad -> {
            Map<Argument, DnnlMemory> all = new HashMap<>();
            arguments.forEach((argument, operand) -> all.put(argument, operand.memory()));
            all.put(Argument.SCRATCHPAD, scratchpad.memory());
            Execution execution = own(Execution.prepare(primitive, all));
            return () -> execution.run(target.stream());
        }));
    }

    /** Runs host code next, after everything before it has finished. */
    void thenOnHost(Runnable step) {
        steps.add(new Step(node, scratchpad -> () -> {
            target.stream().await();
            step.run();
        }));
    }

    /** The finished order of execution. */
    Runnable[] finish() {
        MemorySegment bytes = arena.allocate(scratchpadBytes, MemoryPlan.ALIGNMENT);
        Operand scratchpad = operand(layouts.plain(DataType.U8, scratchpadBytes), bytes);
        Runnable[] order = new Runnable[steps.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = steps.get(i).prepare(scratchpad);
        }
        return order;
    }
}
