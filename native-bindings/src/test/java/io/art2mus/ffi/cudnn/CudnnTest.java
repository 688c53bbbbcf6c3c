package io.art2mus.ffi.cudnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.cuda.Cuda;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CudnnTest {
    @BeforeAll
    static void cudnnIsHere() {
        if (Cudnn.status() instanceof LibraryStatus.Unavailable absent) {
            System.out.println("cuDNN is not tested: " + absent.reason());
        }
        assumeThat(Cudnn.status().available()).as("cuDNN is installed").isTrue();
    }

    @Test
    void versionIsNine() {
        assertThat(Cudnn.load().version()).startsWith("9.");
    }

    @Test
    void openingWithoutAGpuIsATypedError() {
        assumeThat(Cuda.status().available()).as("there is no GPU").isFalse();
        assertThatThrownBy(() -> CudnnHandle.open(Cudnn.load()))
                .isInstanceOf(CudnnException.class)
                .hasMessageStartingWith("cudnnCreate failed: CUDNN_STATUS_");
    }

    @Test
    void channelsLastTensorIsDescribedAndClosedTwice() {
        TensorDescriptor tensor = TensorDescriptor.of(
                Cudnn.load(),
                7,
                TensorDescriptor.Elements.FLOAT16,
                new long[] {2, 8, 3, 5},
                new long[] {120, 1, 40, 8},
                16);
        tensor.close();
        tensor.close();
    }

    @Test
    void tensorWithMoreStridesThanDimensionsIsATypedError() {
        assertThatThrownBy(() -> TensorDescriptor.of(
                        Cudnn.load(),
                        7,
                        TensorDescriptor.Elements.FLOAT16,
                        new long[] {2, 8, 3, 5},
                        new long[] {120, 1, 40, 8, 1},
                        16))
                .isInstanceOf(CudnnException.class)
                .hasMessageContaining("CUDNN_STATUS_BAD_PARAM");
    }
}
