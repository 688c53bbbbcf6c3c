/** Tests of {@code art2mus verify-gpu}. */
@NullMarked
package io.art2mus.cli.verify;

import org.jspecify.annotations.NullMarked;
