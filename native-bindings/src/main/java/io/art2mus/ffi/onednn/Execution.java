package io.art2mus.ffi.onednn;

import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.generated.onednn.dnnl_exec_arg_t;
import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A primitive with its arguments laid out once as {@code dnnl_exec_arg_t[]}, so that a run is one native call. It owns
 * the array; the primitive and the memory objects belong to their makers and must outlive it, which each run checks.
 */
public final class Execution extends NativeHandle {
    private final Arena arena;
    private final Primitive primitive;
    private final DnnlMemory[] memories;

    private Execution(Arena arena, Primitive primitive, Map<Argument, DnnlMemory> arguments) {
        super(dnnl_exec_arg_t.allocateArray(arguments.size(), arena));
        this.arena = arena;
        this.primitive = primitive;
        this.memories = arguments.values().toArray(DnnlMemory[]::new);
        int index = 0;
        for (Map.Entry<Argument, DnnlMemory> argument : arguments.entrySet()) {
            MemorySegment slot = dnnl_exec_arg_t.asSlice(address(), index++);
            dnnl_exec_arg_t.arg(slot, argument.getKey().id());
            dnnl_exec_arg_t.memory(slot, argument.getValue().handle());
        }
    }

    /**
     * Checks each memory against the layout the primitive expects in its place.
     *
     * @throws IllegalArgumentException for a memory of another layout, an argument the primitive does not have, or a
     *     scratchpad that is missing or too small
     */
    public static Execution prepare(Primitive primitive, Map<Argument, DnnlMemory> arguments) {
        requireScratchpad(primitive, arguments.get(Argument.SCRATCHPAD));
        arguments.forEach((argument, memory) -> {
            if (!argument.equals(Argument.SCRATCHPAD)) {
                primitive.requireLayout(argument, memory);
            }
        });
        Arena arena = Arena.ofConfined();
        try {
            return new Execution(arena, primitive, arguments);
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    /** Gives the execution to the stream. Allocates nothing. */
    public void run(CpuStream stream) {
        MemorySegment arguments = address();
        for (DnnlMemory memory : memories) {
            memory.requireUsable();
        }
        int status = dnnl_h.dnnl_primitive_execute(primitive.handle(), stream.handle(), memories.length, arguments);
        if (status != 0) {
            throw Status.exception("dnnl_primitive_execute", status, primitive.toString());
        }
    }

    @Override
    protected void destroy() {
        arena.close();
    }

    private static void requireScratchpad(Primitive primitive, @Nullable DnnlMemory scratchpad) {
        long needed = primitive.scratchpadBytes();
        long given = scratchpad == null ? 0 : scratchpad.bytes();
        if (given < needed) {
            throw new IllegalArgumentException(
                    primitive + " needs a scratchpad of " + needed + " bytes, given " + given);
        }
    }
}
