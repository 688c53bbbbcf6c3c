/** JMH benchmarks; {@code art2mus bench NAME} runs them. */
@NullMarked
package io.art2mus.benchmarks;

import org.jspecify.annotations.NullMarked;
