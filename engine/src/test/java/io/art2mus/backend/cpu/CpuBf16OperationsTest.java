package io.art2mus.backend.cpu;

import io.art2mus.Tolerance;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OperationsContract;
import io.art2mus.ffi.onednn.OneDnn;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "hasBf16", disabledReason = "this processor has no bfloat16 instructions")
class CpuBf16OperationsTest extends OperationsContract {
    CpuBf16OperationsTest() {
        super(() -> CpuBackend.open(2, Precision.BF16), Tolerance.OPERATION_BF16);
    }

    static boolean hasBf16() {
        return OneDnn.instructionSet().hasBf16();
    }
}
