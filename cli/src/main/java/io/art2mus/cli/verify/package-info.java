/** {@code art2mus verify-gpu}: whether this machine's GPU computes what it should, and how fast. */
@NullMarked
package io.art2mus.cli.verify;

import org.jspecify.annotations.NullMarked;
