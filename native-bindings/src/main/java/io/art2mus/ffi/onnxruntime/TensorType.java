package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.generated.onnxruntime.onnxruntime_h;

/** How one element of an ONNX tensor is stored. */
public enum TensorType {
    FLOAT(onnxruntime_h.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT(), Float.BYTES),
    FLOAT16(onnxruntime_h.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16(), Short.BYTES),
    BFLOAT16(onnxruntime_h.ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16(), Short.BYTES),
    INT64(onnxruntime_h.ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64(), Long.BYTES),
    BOOL(onnxruntime_h.ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL(), Byte.BYTES);

    private final int code;
    private final int bytes;

    TensorType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Its number: the same in ONNX Runtime's headers and in ONNX, so that it also serves as Cast's {@code to}. */
    public int code() {
        return code;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Bytes of a dense tensor of these extents; an {@link ArithmeticException} where that overflows. */
    long bytesOf(long... shape) {
        long size = bytes;
        for (long extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }
}
