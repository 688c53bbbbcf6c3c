package io.art2mus.backend.cuda;

import io.art2mus.Tolerance;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OperationsContract;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class CudaF32OperationsTest extends OperationsContract {
    CudaF32OperationsTest() {
        super(() -> Gpu.open(Precision.F32), Tolerance.OPERATION_F32);
    }
}
