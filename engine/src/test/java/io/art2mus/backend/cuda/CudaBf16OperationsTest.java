package io.art2mus.backend.cuda;

import io.art2mus.Tolerance;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OperationsContract;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class CudaBf16OperationsTest extends OperationsContract {
    CudaBf16OperationsTest() {
        super(() -> Gpu.open(Precision.BF16), Tolerance.OPERATION_BF16);
    }
}
