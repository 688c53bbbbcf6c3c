package io.art2mus.backend.cpu;

import java.lang.foreign.Arena;
import java.util.List;

/** Decides between several ways to compute the same. */
@FunctionalInterface
interface Choices {
    /** Takes the first way always. */
    Choices USUAL = (question, target, ways) -> 0;

    /**
     * Index of the way to take.
     *
     * @param question everything that the times of the ways depend on, beside library, processor and threads
     * @param ways the usual one first
     */
    int fastest(String question, Target target, List<Way> ways);

    /** Steps that do the work once, with operands of their own in {@code arena}. */
    @FunctionalInterface
    interface Way {
        void lower(Program program, Arena arena);
    }
}
