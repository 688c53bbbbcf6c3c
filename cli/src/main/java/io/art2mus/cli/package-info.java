/** The {@code art2mus} command: one class a subcommand, and what they share on a terminal. */
@NullMarked
package io.art2mus.cli;

import org.jspecify.annotations.NullMarked;
