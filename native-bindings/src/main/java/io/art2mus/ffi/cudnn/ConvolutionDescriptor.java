package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_CONVOLUTION_COMP_TYPE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_CONVOLUTION_CONV_MODE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_CONVOLUTION_DILATIONS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_CONVOLUTION_POST_PADDINGS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_CROSS_CORRELATION;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_DATA_FLOAT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_CONVOLUTION_MODE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_DATA_TYPE;

/** How a kernel moves over a picture; sums are float32. */
final class ConvolutionDescriptor extends BackendDescriptor {
    private static final int SPATIAL_AXES = 2;

    private ConvolutionDescriptor(Cudnn library) {
        super(library, CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR());
    }

    static ConvolutionDescriptor of(Cudnn library, ConvolutionGraph.Window window) {
        ConvolutionDescriptor convolution = new ConvolutionDescriptor(library);
        return finalised(convolution, () -> {
            convolution.setEnumeration(CUDNN_ATTR_CONVOLUTION_COMP_TYPE(), CUDNN_TYPE_DATA_TYPE(), CUDNN_DATA_FLOAT());
            convolution.setEnumeration(
                    CUDNN_ATTR_CONVOLUTION_CONV_MODE(), CUDNN_TYPE_CONVOLUTION_MODE(), CUDNN_CROSS_CORRELATION());
            convolution.setLongs(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS(), SPATIAL_AXES);
            convolution.setLongs(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS(), window.top(), window.left());
            convolution.setLongs(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS(), window.bottom(), window.right());
            convolution.setLongs(CUDNN_ATTR_CONVOLUTION_DILATIONS(), window.dilationHeight(), window.dilationWidth());
            convolution.setLongs(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES(), window.strideHeight(), window.strideWidth());
        });
    }
}
