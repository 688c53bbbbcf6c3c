package io.art2mus.backend.operations;

import io.art2mus.backend.Backend;
import io.art2mus.backend.Plan;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.util.function.Function;

/**
 * One operation on operands of certain shapes, the same on every backend.
 *
 * @param name operation and what is awkward about its operands; unique
 * @param build appends the operation and returns its result
 */
public record OpCase(String name, Function<Operands, Value> build) {
    /** What a backend makes of the case, run twice: a plan that remembers its first run fails. */
    HostTensor evaluate(Backend backend, Arena arena) {
        Operands operands = new Operands(arena);
        Value result = build.apply(operands);
        try (Plan plan = backend.compile(operands.graphWithOutput("y", result))) {
            operands.upload(plan);
            HostTensor first = HostTensor.allocate(arena, result.shape());
            plan.run();
            plan.output("y").download(first);
            HostTensor second = HostTensor.allocate(arena, result.shape());
            plan.run();
            plan.output("y").download(second);
            if (first.data().mismatch(second.data()) != -1) {
                throw new AssertionError(name + ": a second run differs from the first");
            }
            return second;
        }
    }
}
