@NullMarked
package io.art2mus.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
