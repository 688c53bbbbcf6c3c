package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Supplier;

/** The one place where a oneDNN status becomes an exception. */
final class Check {
    private static final int SUCCESS = dnnl_h.dnnl_success();

    private Check() {}

    static void status(String call, int status) {
        if (status != SUCCESS) {
            throw Status.exception(call, status, "");
        }
    }

    /** @param context what was asked, built only when the call failed */
    static void status(String call, int status, Supplier<String> context) {
        if (status != SUCCESS) {
            throw Status.exception(call, status, context.get());
        }
    }

    /** Runs a call that writes a handle through its first parameter, and returns that handle. */
    static MemorySegment handle(String call, OutCall create, Supplier<String> context) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            status(call, create.invoke(out), context);
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** A native call whose first parameter receives a handle. */
    @FunctionalInterface
    interface OutCall {
        int invoke(MemorySegment out);
    }
}
