package io.art2mus.backend.cpu;

import io.art2mus.Tolerance;
import io.art2mus.backend.operations.OperationsContract;

class CpuBf16OperationsTest extends OperationsContract {
    CpuBf16OperationsTest() {
        super(() -> CpuBackend.open(2, CpuBackend.Precision.BF16), Tolerance.OPERATION_BF16);
    }
}
