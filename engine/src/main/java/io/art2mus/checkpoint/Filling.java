package io.art2mus.checkpoint;

import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;

/** What the elements of a new tensor are. */
sealed interface Filling {
    /** Random, near enough to normal, and finite. */
    record Normal(double mean, double deviation) implements Filling {}

    /** Known numbers, by their place row-major. */
    record Numbers(LongToDoubleFunction element) implements Filling {}

    /** Known whole numbers, by their place row-major, always stored as int64. */
    record Integers(LongUnaryOperator element) implements Filling {}

    /** One number everywhere. */
    static Filling constant(double number) {
        return new Numbers(place -> number);
    }
}
