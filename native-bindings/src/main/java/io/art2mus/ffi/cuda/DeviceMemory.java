package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.C_LONG;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemAlloc_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemFree_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemcpyDtoH_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemcpyHtoD_v2;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Bytes of a GPU's memory, held as address and length; the host cannot read through them. */
public final class DeviceMemory extends NativeHandle {
    private final Cuda cuda;
    private final long bytes;

    private DeviceMemory(Cuda cuda, MemorySegment address, long bytes) {
        super(address);
        this.cuda = cuda;
        this.bytes = bytes;
    }

    /** Allocates bytes, whose contents are undefined, in the calling thread's context. */
    public static DeviceMemory allocate(Cuda cuda, long bytes) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment address = out.allocate(C_LONG);
            cuda.check("cuMemAlloc", cuMemAlloc_v2(address, bytes));
            // A segment of length zero: any access is out of bounds.
            return new DeviceMemory(cuda, MemorySegment.ofAddress(address.get(C_LONG, 0)), bytes);
        }
    }

    /** How many bytes there are. */
    public long byteSize() {
        return bytes;
    }

    /** Overwrites the bytes from {@code offset} on with all of {@code source}, off heap; returns when it is done. */
    public void upload(long offset, MemorySegment source) {
        Objects.checkFromIndexSize(offset, source.byteSize(), bytes);
        cuda.check("cuMemcpyHtoD", cuMemcpyHtoD_v2(devicePointer() + offset, source, source.byteSize()));
    }

    /** Overwrites all of {@code target}, off heap, with the bytes from {@code offset} on; returns when it is done. */
    public void download(long offset, MemorySegment target) {
        Objects.checkFromIndexSize(offset, target.byteSize(), bytes);
        cuda.check("cuMemcpyDtoH", cuMemcpyDtoH_v2(target, devicePointer() + offset, target.byteSize()));
    }

    long devicePointer() {
        return address().address();
    }

    @Override
    protected void destroy() {
        cuda.check("cuMemFree", cuMemFree_v2(devicePointer()));
    }
}
