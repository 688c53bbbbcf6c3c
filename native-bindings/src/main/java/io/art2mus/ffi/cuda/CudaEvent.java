package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CU_EVENT_DEFAULT;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_FLOAT;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_POINTER;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuEventCreate;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuEventDestroy_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuEventElapsedTime_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuEventRecord;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuEventSynchronize;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A moment in a stream's work. */
public final class CudaEvent extends NativeHandle {
    private final Cuda cuda;

    private CudaEvent(Cuda cuda, MemorySegment handle) {
        super(handle);
        this.cuda = cuda;
    }

    /** An event that is not recorded yet. */
    public static CudaEvent open(Cuda cuda) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            cuda.check("cuEventCreate", cuEventCreate(handle, CU_EVENT_DEFAULT()));
            return new CudaEvent(cuda, handle.get(C_POINTER, 0));
        }
    }

    /** Marks the end of what {@code stream} has been given so far. */
    public void record(CudaStream stream) {
        cuda.check("cuEventRecord", cuEventRecord(address(), stream.handle()));
    }

    /** Waits until the recorded moment has passed. */
    public void synchronize() {
        cuda.check("cuEventSynchronize", cuEventSynchronize(address()));
    }

    /** Milliseconds from {@code start} to this event; both have passed. */
    public float millisecondsSince(CudaEvent start) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment milliseconds = out.allocate(C_FLOAT);
            cuda.check("cuEventElapsedTime", cuEventElapsedTime_v2(milliseconds, start.address(), address()));
            return milliseconds.get(C_FLOAT, 0);
        }
    }

    @Override
    protected void destroy() {
        cuda.check("cuEventDestroy", cuEventDestroy_v2(address()));
    }
}
