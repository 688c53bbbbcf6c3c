package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Owns a {@code dnnl_post_ops_t} while attributes copy it. */
final class NativePostOps extends OneDnnHandle {
    private NativePostOps(MemorySegment handle) {
        super(handle);
    }

    static NativePostOps of(List<PostOp> chain) {
        NativePostOps postOps = new NativePostOps(
                Check.handle("dnnl_post_ops_create", out -> dnnl_h.dnnl_post_ops_create(out), () -> "post-ops"));
        try {
            chain.forEach(postOps::append);
            return postOps;
        } catch (Throwable failure) {
            postOps.close();
            throw failure;
        }
    }

    private void append(PostOp postOp) {
        switch (postOp) {
            case PostOp.Eltwise(EltwiseAlgorithm algorithm, float alpha, float beta) ->
                Check.status(
                        "dnnl_post_ops_append_eltwise",
                        dnnl_h.dnnl_post_ops_append_eltwise(address(), algorithm.code(), alpha, beta),
                        postOp::toString);
            case PostOp.Binary(BinaryAlgorithm algorithm, MemoryDescriptor operand) ->
                Check.status(
                        "dnnl_post_ops_append_binary",
                        dnnl_h.dnnl_post_ops_append_binary(address(), algorithm.code(), operand.handle()),
                        postOp::toString);
        }
    }

    @Override
    protected void destroy() {
        Check.status("dnnl_post_ops_destroy", dnnl_h.dnnl_post_ops_destroy(address()));
    }
}
