/** What a computation amounts to, counted from its graph. */
@NullMarked
package io.art2mus.benchmarks.work;

import org.jspecify.annotations.NullMarked;
