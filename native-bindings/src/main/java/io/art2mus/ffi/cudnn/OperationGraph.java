package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATIONGRAPH_HANDLE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATIONGRAPH_OPS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR;

import java.util.List;

/** Operations that are to run as one. */
final class OperationGraph extends BackendDescriptor {
    private OperationGraph(Cudnn library) {
        super(library, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR());
    }

    static OperationGraph of(CudnnHandle handle, List<? extends BackendDescriptor> operations) {
        OperationGraph graph = new OperationGraph(handle.library());
        return finalised(graph, () -> {
            graph.setHandle(CUDNN_ATTR_OPERATIONGRAPH_HANDLE(), handle);
            graph.setDescriptors(CUDNN_ATTR_OPERATIONGRAPH_OPS(), operations);
        });
    }
}
