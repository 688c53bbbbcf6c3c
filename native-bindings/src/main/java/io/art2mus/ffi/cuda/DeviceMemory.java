package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_ERROR_OUT_OF_MEMORY;
import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_SUCCESS;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_LONG;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemAlloc_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemFree_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemGetInfo_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemcpyDtoDAsync_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemcpyDtoHAsync_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemcpyDtoH_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemcpyHtoDAsync_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemcpyHtoD_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemsetD8Async;

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

    /**
     * Allocates bytes, whose contents are undefined, in the calling thread's context.
     *
     * @throws DeviceMemoryException where so many are not free; says how many are
     */
    public static DeviceMemory allocate(Cuda cuda, long bytes) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment address = out.allocate(C_LONG);
            int code = cuMemAlloc_v2(address, bytes);
            if (code == CUDA_ERROR_OUT_OF_MEMORY()) {
                MemorySegment free = out.allocate(C_LONG);
                boolean known = cuMemGetInfo_v2(free, out.allocate(C_LONG)) == CUDA_SUCCESS();
                throw new DeviceMemoryException(bytes, known ? free.get(C_LONG, 0) : 0);
            }
            cuda.check("cuMemAlloc", code);
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

    /** Appends to {@code stream}: overwrites the bytes from {@code offset} on with the first {@code count} of {@code source}. */
    public void upload(CudaStream stream, long offset, PinnedMemory source, long count) {
        Objects.checkFromIndexSize(offset, count, bytes);
        cuda.check(
                "cuMemcpyHtoDAsync",
                cuMemcpyHtoDAsync_v2(devicePointer() + offset, source.prefix(count), count, stream.handle()));
    }

    /**
     * Appends to {@code stream}: overwrites the first {@code count} bytes of {@code target} with those from {@code offset} on. They
     * are there when the stream has been waited for.
     */
    public void download(CudaStream stream, long offset, PinnedMemory target, long count) {
        Objects.checkFromIndexSize(offset, count, bytes);
        cuda.check(
                "cuMemcpyDtoHAsync",
                cuMemcpyDtoHAsync_v2(target.prefix(count), devicePointer() + offset, count, stream.handle()));
    }

    /** Appends to {@code stream}: overwrites {@code count} bytes from {@code offset} on with zeros. */
    public void clear(CudaStream stream, long offset, long count) {
        Objects.checkFromIndexSize(offset, count, bytes);
        cuda.check("cuMemsetD8Async", cuMemsetD8Async(devicePointer() + offset, (byte) 0, count, stream.handle()));
    }

    /** Appends to {@code stream}: overwrites the first {@code count} bytes with those of {@code source}, on the same GPU. */
    public void copy(CudaStream stream, DeviceMemory source, long count) {
        Objects.checkFromIndexSize(0, count, Math.min(bytes, source.bytes));
        cuda.check(
                "cuMemcpyDtoDAsync",
                cuMemcpyDtoDAsync_v2(devicePointer(), source.devicePointer(), count, stream.handle()));
    }

    /** Where the first byte lies in the device's address space: a number for kernels, nothing the host can read through. */
    public long devicePointer() {
        return address().address();
    }

    @Override
    protected void destroy() {
        cuda.check("cuMemFree", cuMemFree_v2(devicePointer()));
    }
}
