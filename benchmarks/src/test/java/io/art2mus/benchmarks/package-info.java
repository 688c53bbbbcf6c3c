@NullMarked
package io.art2mus.benchmarks;

import org.jspecify.annotations.NullMarked;
