package io.art2mus.backend.cuda;

import io.art2mus.ffi.cublaslt.CublasLtHandle;
import io.art2mus.ffi.cublaslt.MatrixElements;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cudnn.CudnnHandle;
import io.art2mus.ffi.cudnn.TensorDescriptor;
import io.art2mus.kernels.Elements;
import io.art2mus.kernels.Kernels;

/**
 * What plans are compiled for; all of it the backend's.
 *
 * @param stream runs in order
 * @param products cuBLASLt
 * @param convolutions cuDNN, which uses the stream
 * @param choices between algorithms that compute the same
 * @param elements storage type of activations and of the weights of products and convolutions
 */
record Target(
        Cuda cuda,
        CudaDevice device,
        CudaStream stream,
        Kernels kernels,
        CublasLtHandle products,
        CudnnHandle convolutions,
        Choices choices,
        Elements elements) {
    /** The storage type, as cuBLASLt calls it. */
    MatrixElements matrixElements() {
        return switch (elements) {
            case F32 -> MatrixElements.FLOAT32;
            case F16 -> MatrixElements.FLOAT16;
            case BF16 -> MatrixElements.BFLOAT16;
        };
    }

    /** The storage type, as cuDNN calls it. */
    TensorDescriptor.Elements tensorElements() {
        return switch (elements) {
            case F32 -> TensorDescriptor.Elements.FLOAT32;
            case F16 -> TensorDescriptor.Elements.FLOAT16;
            case BF16 -> TensorDescriptor.Elements.BFLOAT16;
        };
    }
}
