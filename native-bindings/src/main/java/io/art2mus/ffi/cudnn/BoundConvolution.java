package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.cudnnBackendExecute;

/** A convolution ready to run on tensors at fixed places. Its {@link ConvolutionGraph} must stay open. */
public final class BoundConvolution implements AutoCloseable {
    private final CudnnHandle handle;
    private final ExecutionPlan plan;
    private final VariantPack pack;

    BoundConvolution(CudnnHandle handle, ExecutionPlan plan, VariantPack pack) {
        this.handle = handle;
        this.plan = plan;
        this.pack = pack;
    }

    /** Appends the work to the stream that {@link CudnnHandle#use} named. Allocates nothing. */
    public void enqueue() {
        handle.library()
                .check("cudnnBackendExecute", cudnnBackendExecute(handle.handle(), plan.handle(), pack.handle()));
    }

    @Override
    public void close() {
        pack.close();
    }
}
