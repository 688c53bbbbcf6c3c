package io.art2mus.backend.cuda;

import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.nvtx.Nvtx;
import io.art2mus.graph.Graph;
import io.art2mus.kernels.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a plan while it is compiled. All share one workspace, whose size is known when the last of them is: what needs it is
 * prepared at the end.
 */
final class Program {
    private final Target target;
    private final HandleScope scope;
    private final DeviceArena arena;
    private final List<LongFunction<Runnable>> steps = new ArrayList<>();
    private final @Nullable Nvtx ranges = Nvtx.ofProcess().orElse(null);
    private String kind = "";
    private long workspaceBytes = 1;

    /**
     * An empty program.
     *
     * @param scope owns what is made for the plan
     * @param arena of the workspace
     */
    Program(Target target, HandleScope scope, DeviceArena arena) {
        this.target = target;
        this.scope = scope;
        this.arena = arena;
    }

    /** Takes ownership of something made for the plan, in the expression that makes it. */
    <T extends AutoCloseable> T own(T made) {
        return scope.own(made);
    }

    /** What comes next belongs to an operation of this kind, for profilers. */
    void begin(Graph.Node node) {
        kind = node.op().getClass().getSimpleName();
    }

    /** Runs a kernel of ours next. */
    void then(Launch launch) {
        add(_ -> () -> launch.enqueue(target.stream()));
    }

    /** Prepares a kernel of ours that works in {@code bytes} of the workspace, and runs it next. */
    void then(long bytes, LongFunction<Launch> preparation) {
        workspaceBytes = Math.max(workspaceBytes, bytes);
        add(workspace -> {
            Launch launch = preparation.apply(workspace);
            return () -> launch.enqueue(target.stream());
        });
    }

    /**
     * Runs something of a library next.
     *
     * @param preparation makes it ready once the workspace is there
     */
    void thenCall(long bytes, LongFunction<Runnable> preparation) {
        workspaceBytes = Math.max(workspaceBytes, bytes);
        add(preparation);
    }

    private void add(LongFunction<Runnable> preparation) {
        Nvtx profiled = ranges;
        String name = kind;
        steps.add(profiled == null ? preparation : workspace -> profiled.around(name, preparation.apply(workspace)));
    }

    /** The finished order of execution: each appends work to the stream. */
    Runnable[] finish() {
        long workspace = arena.allocate(workspaceBytes).address();
        Runnable[] order = new Runnable[steps.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = steps.get(i).apply(workspace);
        }
        return order;
    }
}
