/** The computation as data: values, operations, and the order they run in. Knows no backend. */
@NullMarked
package io.art2mus.graph;

import org.jspecify.annotations.NullMarked;
