@NullMarked
package io.art2mus.benchmarks.work;

import org.jspecify.annotations.NullMarked;
