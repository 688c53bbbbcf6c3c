package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;

/** The CPU as a oneDNN engine ({@code dnnl_engine_t}): what memory and primitives are made on. */
public final class CpuEngine extends OneDnnHandle {
    private CpuEngine(MemorySegment handle) {
        super(handle);
    }

    /** The machine's CPU. */
    public static CpuEngine create() {
        OneDnn.load();
        return new CpuEngine(Check.handle(
                "dnnl_engine_create", out -> dnnl_h.dnnl_engine_create(out, dnnl_h.dnnl_cpu(), 0), () -> "engine cpu"));
    }

    @Override
    protected void destroy() {
        Check.status("dnnl_engine_destroy", dnnl_h.dnnl_engine_destroy(address()));
    }
}
