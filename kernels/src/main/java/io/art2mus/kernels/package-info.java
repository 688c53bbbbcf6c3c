/**
 * CUDA kernels of our own: one source file an operation, and a typed launcher for each. A launcher's factory method checks what its kernel
 * assumes and gives a {@link io.art2mus.kernels.Launch}; an {@link java.lang.IllegalArgumentException} is a mistake of the caller's.
 * Addresses are numbers in the device's address space, 0 where an operand is absent; rows lie one after another, channels innermost.
 */
@NullMarked
package io.art2mus.kernels;

import org.jspecify.annotations.NullMarked;
