package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CU_MEMHOSTALLOC_PORTABLE;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_POINTER;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemFreeHost;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemHostAlloc;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Host memory that stays where it is, so that a GPU copies to and from it by itself while the host goes on. */
public final class PinnedMemory extends NativeHandle {
    private final Cuda cuda;
    private final Arena life;
    private final MemorySegment bytes;

    private PinnedMemory(Cuda cuda, MemorySegment address, long byteSize) {
        super(address);
        this.cuda = cuda;
        life = Arena.ofConfined();
        bytes = address.reinterpret(byteSize, life, null);
    }

    /** Allocates bytes, whose contents are undefined. */
    public static PinnedMemory allocate(Cuda cuda, long byteSize) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment address = out.allocate(C_POINTER);
            cuda.check("cuMemHostAlloc", cuMemHostAlloc(address, byteSize, CU_MEMHOSTALLOC_PORTABLE()));
            return new PinnedMemory(cuda, address.get(C_POINTER, 0), byteSize);
        }
    }

    /** The bytes, for as long as this is open. What a copy brings is there when its stream has been waited for. */
    public MemorySegment bytes() {
        return bytes;
    }

    MemorySegment prefix(long count) {
        return bytes.asSlice(0, count);
    }

    @Override
    protected void destroy() {
        life.close();
        cuda.check("cuMemFreeHost", cuMemFreeHost(address()));
    }
}
