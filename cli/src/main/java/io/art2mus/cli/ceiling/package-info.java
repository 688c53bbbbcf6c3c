/** The most that a GPU was seen to do, and how work on it is timed. */
@NullMarked
package io.art2mus.cli.ceiling;

import org.jspecify.annotations.NullMarked;
