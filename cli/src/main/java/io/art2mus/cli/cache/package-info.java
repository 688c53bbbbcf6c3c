/** {@code art2mus cache}: what is kept between runs, and how to be rid of it. */
@NullMarked
package io.art2mus.cli.cache;

import org.jspecify.annotations.NullMarked;
