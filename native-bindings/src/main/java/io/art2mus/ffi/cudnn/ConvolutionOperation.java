package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR;

/** A convolution, or the gradient of one to its input, as an operation of a graph. */
final class ConvolutionOperation extends BackendDescriptor {
    private ConvolutionOperation(Cudnn library, int type) {
        super(library, type);
    }

    static ConvolutionOperation forward(
            Cudnn library,
            ConvolutionDescriptor convolution,
            TensorDescriptor x,
            TensorDescriptor weight,
            TensorDescriptor y) {
        ConvolutionOperation operation =
                new ConvolutionOperation(library, CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR());
        return finalised(operation, () -> {
            operation.setDescriptor(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC(), convolution);
            operation.setDescriptor(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X(), x);
            operation.setDescriptor(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W(), weight);
            operation.setDescriptor(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y(), y);
            operation.setFloat(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA(), 1);
            operation.setFloat(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA(), 0);
        });
    }

    /** What is a transposed convolution's input is the gradient's {@code dy}, and its result {@code dx}. */
    static ConvolutionOperation transposed(
            Cudnn library,
            ConvolutionDescriptor convolution,
            TensorDescriptor x,
            TensorDescriptor weight,
            TensorDescriptor y) {
        ConvolutionOperation operation =
                new ConvolutionOperation(library, CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR());
        return finalised(operation, () -> {
            operation.setDescriptor(CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC(), convolution);
            operation.setDescriptor(CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY(), x);
            operation.setDescriptor(CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W(), weight);
            operation.setDescriptor(CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX(), y);
            operation.setFloat(CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA(), 1);
            operation.setFloat(CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA(), 0);
        });
    }
}
