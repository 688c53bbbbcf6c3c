package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_POINTWISE_BDESC;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_POINTWISE_XDESC;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_POINTWISE_YDESC;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR;

import org.jspecify.annotations.Nullable;

/** Something done to each element, as an operation of a graph. */
final class PointwiseOperation extends BackendDescriptor {
    private PointwiseOperation(Cudnn library) {
        super(library, CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR());
    }

    /**
     * {@code y = x ∘ b}, or {@code y = f(x)}.
     *
     * @param b null where what is done takes one tensor
     */
    static PointwiseOperation of(
            Cudnn library,
            PointwiseDescriptor what,
            TensorDescriptor x,
            @Nullable TensorDescriptor b,
            TensorDescriptor y) {
        PointwiseOperation operation = new PointwiseOperation(library);
        return finalised(operation, () -> {
            operation.setDescriptor(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR(), what);
            operation.setDescriptor(CUDNN_ATTR_OPERATION_POINTWISE_XDESC(), x);
            if (b != null) {
                operation.setDescriptor(CUDNN_ATTR_OPERATION_POINTWISE_BDESC(), b);
            }
            operation.setDescriptor(CUDNN_ATTR_OPERATION_POINTWISE_YDESC(), y);
        });
    }
}
