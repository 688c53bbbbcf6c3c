package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.C_LONG;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_POINTER;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuCtxSetCurrent;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuDevicePrimaryCtxRelease_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuDevicePrimaryCtxRetain;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuMemGetInfo_v2;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The use of one GPU by the thread that opened it: the device's primary context, which the runtime and the libraries on
 * it share. Whatever is made in it must be closed before it.
 */
public final class CudaContext extends NativeHandle {
    private final Cuda cuda;
    private final CudaDevice device;

    private CudaContext(Cuda cuda, CudaDevice device, MemorySegment handle) {
        super(handle);
        this.cuda = cuda;
        this.device = device;
    }

    /** Retains the device's context and makes it the calling thread's. */
    public static CudaContext open(Cuda cuda, CudaDevice device) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            cuda.check("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(handle, device.handle()));
            CudaContext context = new CudaContext(cuda, device, handle.get(C_POINTER, 0));
            try {
                cuda.check("cuCtxSetCurrent", cuCtxSetCurrent(context.address()));
                return context;
            } catch (CudaException failure) {
                context.close();
                throw failure;
            }
        }
    }

    /** Bytes of the device's memory that nobody uses. */
    public long freeBytes() {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment free = out.allocate(C_LONG);
            cuda.check("cuMemGetInfo", cuMemGetInfo_v2(free, out.allocate(C_LONG)));
            return free.get(C_LONG, 0);
        }
    }

    @Override
    protected void destroy() {
        cuda.check("cuDevicePrimaryCtxRelease", cuDevicePrimaryCtxRelease_v2(device.handle()));
    }
}
