/** What this machine's library does at best with the products of a graph. */
@NullMarked
package io.art2mus.benchmarks.ceiling;

import org.jspecify.annotations.NullMarked;
