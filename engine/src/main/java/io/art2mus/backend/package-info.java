/** Where graphs become arithmetic: a backend compiles a graph to a plan once, and the plan runs as often as asked. */
@NullMarked
package io.art2mus.backend;

import org.jspecify.annotations.NullMarked;
