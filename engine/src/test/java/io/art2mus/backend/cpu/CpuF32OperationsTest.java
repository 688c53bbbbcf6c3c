package io.art2mus.backend.cpu;

import io.art2mus.Tolerance;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OperationsContract;

class CpuF32OperationsTest extends OperationsContract {
    CpuF32OperationsTest() {
        super(() -> CpuBackend.open(2, Precision.F32), Tolerance.OPERATION_F32);
    }
}
