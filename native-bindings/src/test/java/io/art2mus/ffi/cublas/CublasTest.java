package io.art2mus.ffi.cublas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.cublaslt.CublasLt;
import io.art2mus.ffi.cublaslt.CublasLtException;
import io.art2mus.ffi.cublaslt.CublasLtHandle;
import io.art2mus.ffi.cuda.Cuda;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** cuBLAS and cuBLASLt, which come together. */
class CublasTest {
    @BeforeAll
    static void cublasIsHere() {
        if (Cublas.status() instanceof LibraryStatus.Unavailable absent) {
            System.out.println("cuBLAS is not tested: " + absent.reason());
        }
        assumeTrue(Cublas.status().available(), "cuBLAS is installed");
    }

    @Test
    void bothTellTheirVersionWithoutAGpu() {
        assertThat(Cublas.load().version()).startsWith("13.");
        assertThat(CublasLt.load().version()).isEqualTo(Cublas.load().version());
    }

    @Test
    void openingWithoutAGpuIsATypedError() {
        assumeFalse(Cuda.status().available(), "there is no GPU");
        assertThatThrownBy(() -> CublasHandle.open(Cublas.load()))
                .isInstanceOf(CublasException.class)
                .hasMessageStartingWith("cublasCreate failed: CUBLAS_STATUS_NOT_INITIALIZED (1), ");
        assertThatThrownBy(() -> CublasLtHandle.open(CublasLt.load()))
                .isInstanceOf(CublasLtException.class)
                .hasMessageStartingWith("cublasLtCreate failed: CUBLAS_STATUS_NOT_INITIALIZED (1), ");
    }
}
