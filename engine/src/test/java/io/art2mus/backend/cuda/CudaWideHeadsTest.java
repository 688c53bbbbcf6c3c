package io.art2mus.backend.cuda;

import io.art2mus.Tolerance;
import io.art2mus.backend.Precision;
import io.art2mus.backend.operations.OpCase;
import io.art2mus.backend.operations.OperationsContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Heads that are too wide for the attention kernel, as the autoencoder's one of 512. */
@Tag("gpu")
class CudaWideHeadsTest extends OperationsContract {
    CudaWideHeadsTest() {
        super(
                () -> Gpu.open(Precision.F16),
                Tolerance.OPERATION_F16,
                List.of(
                        attention("one head of 136", 1, 9, 9, 136, 1),
                        attention("two heads of 144", 2, 5, 7, 288, 2),
                        attention("more queries than a tile", 1, 1025, 3, 136, 1)));
    }

    private static OpCase attention(String name, long rows, long queries, long keys, long channels, int heads) {
        return new OpCase(
                "attention, " + name,
                operands -> operands.graph()
                        .attention(
                                operands.input(rows, queries, channels),
                                operands.input(rows, keys, channels),
                                operands.input(rows, keys, channels),
                                null,
                                heads,
                                0.1f));
    }
}
