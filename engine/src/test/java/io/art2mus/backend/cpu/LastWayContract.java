package io.art2mus.backend.cpu;

import io.art2mus.Tolerance;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OpCase;
import io.art2mus.backend.operations.OperationsContract;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIf;

/** What a way owes that is taken where it was measured to be the fastest: here it is taken always, in both precisions. */
abstract class LastWayContract {
    /** The way that is asked about stands last. */
    static final Choices LAST = (question, target, ways) -> ways.size() - 1;

    private final List<OpCase> cases;

    LastWayContract(List<OpCase> cases) {
        this.cases = cases;
    }

    @Nested
    class InF32 extends OperationsContract {
        InF32() {
            super(() -> CpuBackend.open(2, Precision.F32, LAST), Tolerance.OPERATION_F32, cases);
        }
    }

    @Nested
    @EnabledIf(
            value = "io.art2mus.backend.cpu.CpuBf16OperationsTest#hasBf16",
            disabledReason = "this processor has no bfloat16 instructions")
    class InBf16 extends OperationsContract {
        InBf16() {
            super(() -> CpuBackend.open(2, Precision.BF16, LAST), Tolerance.OPERATION_BF16, cases);
        }
    }
}
