package io.art2mus.ffi.cudnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.cuda.Cuda;
import org.junit.jupiter.api.Test;

class CudnnTest {
    private static Cudnn cudnn() {
        if (Cudnn.status() instanceof LibraryStatus.Unavailable absent) {
            System.out.println("cuDNN is not tested: " + absent.reason());
        }
        assumeTrue(Cudnn.status().available(), "cuDNN is installed");
        return Cudnn.load();
    }

    @Test
    void anotherMajorVersionIsToldWhatIsNeeded() {
        assertThat(Cudnn.supportedVersion(92400)).isEqualTo("9.24.0");
        assertThatThrownBy(() -> Cudnn.supportedVersion(100000))
                .isInstanceOf(LibraryUnavailableException.class)
                .hasMessage("cuDNN cannot be used: version 10.0.0 is not supported; name cuDNN 9 for CUDA 13 in"
                        + " ART2MUS_LIBRARY_CUDNN");
    }

    @Test
    void versionIsNine() {
        assertThat(cudnn().version()).startsWith("9.");
    }

    @Test
    void openingWithoutAGpuIsATypedError() {
        Cudnn cudnn = cudnn();
        assumeFalse(Cuda.status().available(), "there is no GPU");
        assertThatThrownBy(() -> CudnnHandle.open(cudnn))
                .isInstanceOf(CudnnException.class)
                .hasMessageStartingWith("cudnnCreate failed: CUDNN_STATUS_");
    }

    @Test
    void channelsLastTensorIsDescribedAndClosedTwice() {
        TensorDescriptor tensor = TensorDescriptor.of(
                cudnn(), 7, TensorDescriptor.Elements.FLOAT16, new long[] {2, 8, 3, 5}, new long[] {120, 1, 40, 8}, 16);
        tensor.close();
        tensor.close();
    }

    @Test
    void tensorWithMoreStridesThanDimensionsIsATypedError() {
        Cudnn cudnn = cudnn();
        assertThatThrownBy(() -> TensorDescriptor.of(
                        cudnn,
                        7,
                        TensorDescriptor.Elements.FLOAT16,
                        new long[] {2, 8, 3, 5},
                        new long[] {120, 1, 40, 8, 1},
                        16))
                .isInstanceOf(CudnnException.class)
                .hasMessageContaining("CUDNN_STATUS_BAD_PARAM");
    }
}
