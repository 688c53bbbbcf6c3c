/** {@code art2mus inspect}: how a sound was made. */
@NullMarked
package io.art2mus.cli.provenance;

import org.jspecify.annotations.NullMarked;
