package io.art2mus.backend.operations;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.art2mus.Tolerance;
import io.art2mus.backend.Backend;
import io.art2mus.backend.reference.ReferenceBackend;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every backend owes: each operation equals the reference backend's. A backend's test extends this, once a precision,
 * and says how the backend is opened and how close it must come.
 */
public abstract class OperationsContract {
    private final Supplier<Backend> opener;
    private final Tolerance tolerance;
    private final List<OpCase> cases;

    /** A contract for the backend that {@code opener} opens; it is opened and closed once a case. */
    protected OperationsContract(Supplier<Backend> opener, Tolerance tolerance) {
        this(opener, tolerance, OpCases.withTraining());
    }

    /** The same for some cases of its own. */
    protected OperationsContract(Supplier<Backend> opener, Tolerance tolerance, List<OpCase> cases) {
        this.opener = opener;
        this.tolerance = tolerance;
        this.cases = cases;
    }

    @TestFactory
    Stream<DynamicTest> everyOperationEqualsTheReference() {
        return cases.stream().map(op -> dynamicTest(op.name(), () -> requireEqualsReference(op)));
    }

    private void requireEqualsReference(OpCase op) {
        try (Arena arena = Arena.ofConfined();
                Backend backend = opener.get();
                Backend reference = new ReferenceBackend()) {
            tolerance.requireWithin(
                    op.name() + ", " + backend.name(), op.evaluate(backend, arena), op.evaluate(reference, arena));
        }
    }
}
