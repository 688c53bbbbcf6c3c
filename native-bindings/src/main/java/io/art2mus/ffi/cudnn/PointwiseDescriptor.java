package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_POINTWISE_MATH_PREC;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_POINTWISE_MODE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_POINTWISE_RELU_LOWER_CLIP_SLOPE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_POINTWISE_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_DATA_FLOAT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_POINTWISE_ADD;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_POINTWISE_RELU_FWD;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_DATA_TYPE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_POINTWISE_MODE;

/** What is done to each element, in float32. */
final class PointwiseDescriptor extends BackendDescriptor {
    private PointwiseDescriptor(Cudnn library) {
        super(library, CUDNN_BACKEND_POINTWISE_DESCRIPTOR());
    }

    static PointwiseDescriptor sum(Cudnn library) {
        PointwiseDescriptor sum = new PointwiseDescriptor(library);
        return finalised(sum, () -> sum.set(CUDNN_POINTWISE_ADD()));
    }

    static PointwiseDescriptor leakyRelu(Cudnn library, float slope) {
        PointwiseDescriptor relu = new PointwiseDescriptor(library);
        return finalised(relu, () -> {
            relu.set(CUDNN_POINTWISE_RELU_FWD());
            relu.setFloat(CUDNN_ATTR_POINTWISE_RELU_LOWER_CLIP_SLOPE(), slope);
        });
    }

    private void set(int mode) {
        setEnumeration(CUDNN_ATTR_POINTWISE_MODE(), CUDNN_TYPE_POINTWISE_MODE(), mode);
        setEnumeration(CUDNN_ATTR_POINTWISE_MATH_PREC(), CUDNN_TYPE_DATA_TYPE(), CUDNN_DATA_FLOAT());
    }
}
