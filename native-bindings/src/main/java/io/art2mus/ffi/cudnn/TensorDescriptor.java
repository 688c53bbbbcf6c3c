package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_TENSOR_DATA_TYPE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_TENSOR_DIMENSIONS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_TENSOR_IS_VIRTUAL;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_TENSOR_STRIDES;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_TENSOR_UNIQUE_ID;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_TENSOR_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_DATA_BFLOAT16;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_DATA_FLOAT;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_DATA_HALF;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_DATA_TYPE;

/** What cuDNN knows of a tensor: its number in the graph, its elements, and how they lie in memory. */
public final class TensorDescriptor extends BackendDescriptor {
    private TensorDescriptor(Cudnn library) {
        super(library, CUDNN_BACKEND_TENSOR_DESCRIPTOR());
    }

    /** What a tensor's elements are. */
    public enum Elements {
        /** IEEE 754 binary16. */
        FLOAT16(CUDNN_DATA_HALF()),
        /** The upper half of a binary32. */
        BFLOAT16(CUDNN_DATA_BFLOAT16()),
        /** IEEE 754 binary32. */
        FLOAT32(CUDNN_DATA_FLOAT());

        private final int code;

        Elements(int code) {
            this.code = code;
        }
    }

    /**
     * Describes a tensor.
     *
     * @param number which tensor of the graph it is
     * @param dimensions in cuDNN's order, {@code [N, C, H, W]}
     * @param strides of each dimension, in elements; those of memory that lies {@code [N, H, W, C]} are
     *     {@code [HWC, 1, WC, C]}
     * @param alignment of the first element, bytes
     */
    public static TensorDescriptor of(
            Cudnn library, long number, Elements elements, long[] dimensions, long[] strides, long alignment) {
        return describe(library, number, elements, dimensions, strides, alignment, false);
    }

    /** The same for a tensor between two operations, which has no memory. */
    static TensorDescriptor virtual(
            Cudnn library, long number, Elements elements, long[] dimensions, long[] strides, long alignment) {
        return describe(library, number, elements, dimensions, strides, alignment, true);
    }

    private static TensorDescriptor describe(
            Cudnn library,
            long number,
            Elements elements,
            long[] dimensions,
            long[] strides,
            long alignment,
            boolean virtual) {
        TensorDescriptor tensor = new TensorDescriptor(library);
        return finalised(tensor, () -> {
            tensor.setLongs(CUDNN_ATTR_TENSOR_UNIQUE_ID(), number);
            tensor.setEnumeration(CUDNN_ATTR_TENSOR_DATA_TYPE(), CUDNN_TYPE_DATA_TYPE(), elements.code);
            tensor.setLongs(CUDNN_ATTR_TENSOR_DIMENSIONS(), dimensions);
            tensor.setLongs(CUDNN_ATTR_TENSOR_STRIDES(), strides);
            tensor.setLongs(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT(), alignment);
            tensor.setBoolean(CUDNN_ATTR_TENSOR_IS_VIRTUAL(), virtual);
        });
    }
}
