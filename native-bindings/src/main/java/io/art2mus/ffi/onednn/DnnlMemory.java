package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;

/**
 * A buffer with a descriptor ({@code dnnl_memory_t}). The bytes belong to whoever allocated the segment, and must live
 * as long as this is run with: a segment whose arena was closed is refused when an execution runs. Buffers aligned to 64
 * bytes are the fastest.
 */
public final class DnnlMemory extends OneDnnHandle {
    private final long bytes;
    private final MemorySegment data;
    private final MemoryDescriptor layout;

    private DnnlMemory(MemorySegment handle, MemoryDescriptor descriptor, MemorySegment data) {
        super(handle);
        this.bytes = descriptor.bytes();
        this.data = data;
        this.layout = descriptor;
    }

    /**
     * The bytes of {@code data} read and written as {@code descriptor} says.
     *
     * @param data native memory of at least {@code descriptor.reach()} bytes
     */
    public static DnnlMemory over(CpuEngine engine, MemoryDescriptor descriptor, MemorySegment data) {
        requireBuffer(data, descriptor);
        return new DnnlMemory(
                Check.handle(
                        "dnnl_memory_create",
                        out -> dnnl_h.dnnl_memory_create(out, descriptor.handle(), engine.handle(), data),
                        () -> "memory " + descriptor),
                descriptor,
                data);
    }

    /** The bytes themselves; their owner's. */
    public MemorySegment data() {
        return data;
    }

    /** Bytes the layout needs, padding included. */
    public long bytes() {
        return bytes;
    }

    /** Type, layout and shape. */
    @Override
    public String toString() {
        return MemoryDescriptor.text(descriptor());
    }

    /** What it was made with; its owner may have closed it. */
    MemoryDescriptor layout() {
        return layout;
    }

    /** The descriptor, borrowed from this memory. */
    MemorySegment descriptor() {
        return Check.handle(
                "dnnl_memory_get_memory_desc",
                out -> dnnl_h.dnnl_memory_get_memory_desc(address(), out),
                () -> "memory");
    }

    /** Refuses a closed memory object and a buffer that was freed. */
    void requireUsable() {
        address();
        if (!data.scope().isAlive()) {
            throw new IllegalStateException("the buffer under memory " + this + " was freed");
        }
    }

    @Override
    protected void destroy() {
        Check.status("dnnl_memory_destroy", dnnl_h.dnnl_memory_destroy(address()));
    }

    private static void requireBuffer(MemorySegment data, MemoryDescriptor descriptor) {
        if (!data.isNative()) {
            throw new IllegalArgumentException("memory " + descriptor + " needs native memory, not a Java array");
        }
        if (data.byteSize() < descriptor.reach()) {
            throw new IllegalArgumentException("memory " + descriptor + " needs " + descriptor.reach()
                    + " bytes, the buffer has " + data.byteSize());
        }
    }
}
