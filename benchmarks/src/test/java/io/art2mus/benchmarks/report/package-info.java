@NullMarked
package io.art2mus.benchmarks.report;

import org.jspecify.annotations.NullMarked;
