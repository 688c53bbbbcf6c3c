/** What it costs to cross from Java into native code; {@code ./art2mus bench ffi} runs these. */
@NullMarked
package io.art2mus.benchmarks.ffi;

import org.jspecify.annotations.NullMarked;
