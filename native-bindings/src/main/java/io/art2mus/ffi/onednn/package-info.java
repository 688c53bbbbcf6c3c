/**
 * The owned layer over oneDNN 3.13's C API: engines, memory, primitives and prepared executions, in oneDNN's own terms.
 * No raw handle leaves it; a primitive, its memory and its execution belong to the thread that made them, because the
 * OpenMP thread count they were built for is that thread's.
 */
@NullMarked
package io.art2mus.ffi.onednn;

import org.jspecify.annotations.NullMarked;
