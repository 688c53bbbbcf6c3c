/** {@code art2mus bench}: benchmarks on JMH. */
@NullMarked
package io.art2mus.benchmarks;

import org.jspecify.annotations.NullMarked;
