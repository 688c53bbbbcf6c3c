package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CUDA_SUCCESS;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static io.art2mus.ffi.generated.cuda.cuda_h.CU_STREAM_NON_BLOCKING;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_POINTER;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGraphDestroy;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuStreamBeginCapture_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuStreamCreate;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuStreamDestroy_v2;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuStreamEndCapture;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuStreamSynchronize;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A stream of device work, in order. */
public final class CudaStream extends NativeHandle {
    private final Cuda cuda;

    private CudaStream(Cuda cuda, MemorySegment handle) {
        super(handle);
        this.cuda = cuda;
    }

    /** Opens a stream that does not wait for the default one. */
    public static CudaStream open(Cuda cuda) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            cuda.check("cuStreamCreate", cuStreamCreate(handle, CU_STREAM_NON_BLOCKING()));
            return new CudaStream(cuda, handle.get(C_POINTER, 0));
        }
    }

    /** Waits until all its work is done; failures of kernels come to light here. */
    public void synchronize() {
        cuda.check("cuStreamSynchronize", cuStreamSynchronize(address()));
    }

    /**
     * Records what {@code work} appends to this stream, instead of running it.
     *
     * @throws CudaException where something was called that cannot be recorded; the stream can be used as before then
     */
    public CudaGraph capture(Runnable work) {
        cuda.check("cuStreamBeginCapture", cuStreamBeginCapture_v2(address(), CU_STREAM_CAPTURE_MODE_THREAD_LOCAL()));
        try (Arena out = Arena.ofConfined()) {
            MemorySegment graph = out.allocate(C_POINTER);
            try {
                work.run();
            } catch (Throwable failure) {
                if (cuStreamEndCapture(address(), graph) == CUDA_SUCCESS()) {
                    cuGraphDestroy(graph.get(C_POINTER, 0));
                }
                throw failure;
            }
            cuda.check("cuStreamEndCapture", cuStreamEndCapture(address(), graph));
            return new CudaGraph(cuda, graph.get(C_POINTER, 0));
        }
    }

    /** The stream as the libraries on the driver take it; for this module's layers and nobody else. */
    public MemorySegment handle() {
        return address();
    }

    @Override
    protected void destroy() {
        cuda.check("cuStreamDestroy", cuStreamDestroy_v2(address()));
    }
}
