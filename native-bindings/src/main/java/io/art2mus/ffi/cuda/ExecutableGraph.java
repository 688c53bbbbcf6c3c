package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.C_POINTER;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGraphExecDestroy;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGraphInstantiateWithFlags;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGraphLaunch;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGraphUpload;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A {@link CudaGraph} made ready: all its work is given to the GPU by one call, as often as asked. */
public final class ExecutableGraph extends NativeHandle {
    private final Cuda cuda;

    private ExecutableGraph(Cuda cuda, MemorySegment handle) {
        super(handle);
        this.cuda = cuda;
    }

    /**
     * Makes a graph ready and brings it to the GPU, so that its first run is as fast as the others. The graph may be closed; what
     * its work reads and writes must stay open.
     *
     * @param stream of the runs to come
     */
    public static ExecutableGraph of(Cuda cuda, CudaGraph graph, CudaStream stream) {
        try (Arena out = Arena.ofConfined()) {
            MemorySegment handle = out.allocate(C_POINTER);
            cuda.check("cuGraphInstantiate", cuGraphInstantiateWithFlags(handle, graph.handle(), 0));
            ExecutableGraph executable = new ExecutableGraph(cuda, handle.get(C_POINTER, 0));
            try {
                cuda.check("cuGraphUpload", cuGraphUpload(executable.address(), stream.handle()));
                return executable;
            } catch (Throwable failure) {
                executable.close();
                throw failure;
            }
        }
    }

    /** Appends a run to {@code stream}. Allocates nothing. */
    public void launch(CudaStream stream) {
        cuda.check("cuGraphLaunch", cuGraphLaunch(address(), stream.handle()));
    }

    @Override
    protected void destroy() {
        cuda.check("cuGraphExecDestroy", cuGraphExecDestroy(address()));
    }
}
