package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_EXECUTION_PLAN_HANDLE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR;

/** An engine made ready for a graph. */
final class ExecutionPlan extends BackendDescriptor {
    private ExecutionPlan(Cudnn library) {
        super(library, CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR());
    }

    static ExecutionPlan of(CudnnHandle handle, EngineConfiguration configuration) {
        ExecutionPlan plan = new ExecutionPlan(handle.library());
        return finalised(plan, () -> {
            plan.setHandle(CUDNN_ATTR_EXECUTION_PLAN_HANDLE(), handle);
            plan.setDescriptor(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG(), configuration);
        });
    }

    /** Bytes of device memory that it works in. */
    long workspaceBytes() {
        return readLong(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE());
    }
}
