/** Options that several commands share, and how their values are read. */
@NullMarked
package io.art2mus.cli.options;

import org.jspecify.annotations.NullMarked;
