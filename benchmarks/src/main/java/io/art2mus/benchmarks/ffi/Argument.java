package io.art2mus.benchmarks.ffi;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A number that the compiler must not take for a constant. */
@State(Scope.Thread)
public class Argument {
    int value = -42;
}
