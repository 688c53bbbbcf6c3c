package io.art2mus.ffi.cuda;

import static io.art2mus.ffi.generated.cuda.cuda_h.CU_GRAPH_NODE_TYPE_KERNEL;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_INT;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_LONG;
import static io.art2mus.ffi.generated.cuda.cuda_h.C_POINTER;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGraphDestroy;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGraphGetNodes;
import static io.art2mus.ffi.generated.cuda.cuda_h.cuGraphNodeGetType;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Device work that was recorded from a stream and has not run. */
public final class CudaGraph extends NativeHandle {
    private final Cuda cuda;

    CudaGraph(Cuda cuda, MemorySegment handle) {
        super(handle);
        this.cuda = cuda;
    }

    /** How many kernels it launches; copies and fills are not counted. */
    public int kernels() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(C_LONG);
            cuda.check("cuGraphGetNodes", cuGraphGetNodes(address(), MemorySegment.NULL, count));
            long nodes = count.get(C_LONG, 0);
            MemorySegment handles = arena.allocate(C_POINTER, Math.max(1, nodes));
            cuda.check("cuGraphGetNodes", cuGraphGetNodes(address(), handles, count));
            MemorySegment type = arena.allocate(C_INT);
            int kernels = 0;
            for (long node = 0; node < nodes; node++) {
                cuda.check("cuGraphNodeGetType", cuGraphNodeGetType(handles.getAtIndex(C_POINTER, node), type));
                kernels += type.get(C_INT, 0) == CU_GRAPH_NODE_TYPE_KERNEL() ? 1 : 0;
            }
            return kernels;
        }
    }

    MemorySegment handle() {
        return address();
    }

    @Override
    protected void destroy() {
        cuda.check("cuGraphDestroy", cuGraphDestroy(address()));
    }
}
