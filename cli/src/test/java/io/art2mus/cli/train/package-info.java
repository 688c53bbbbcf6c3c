/** Tests of {@code art2mus train}. */
@NullMarked
package io.art2mus.cli.train;

import org.jspecify.annotations.NullMarked;
