/** {@code art2mus new-checkpoint}. */
@NullMarked
package io.art2mus.cli.checkpoint;

import org.jspecify.annotations.NullMarked;
