package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;

/** An in-order queue of executions on a CPU engine ({@code dnnl_stream_t}). */
public final class CpuStream extends OneDnnHandle {
    private CpuStream(MemorySegment handle) {
        super(handle);
    }

    /** A stream whose executions finish in the order they were given. */
    public static CpuStream create(CpuEngine engine) {
        return new CpuStream(Check.handle(
                "dnnl_stream_create",
                out -> dnnl_h.dnnl_stream_create(out, engine.handle(), dnnl_h.dnnl_stream_in_order()),
                () -> "in-order stream on the cpu engine"));
    }

    /** Returns when everything given to this stream has run. */
    public void await() {
        Check.status("dnnl_stream_wait", dnnl_h.dnnl_stream_wait(address()));
    }

    @Override
    protected void destroy() {
        Check.status("dnnl_stream_destroy", dnnl_h.dnnl_stream_destroy(address()));
    }
}
