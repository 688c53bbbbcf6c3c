/**
 * Layers: each appends its operations to a graph, at the place in the model where its weights are. None has state, none knows a
 * backend.
 */
@NullMarked
package io.art2mus.nn;

import org.jspecify.annotations.NullMarked;
