/** {@code art2mus generate}: a picture becomes a sound file. */
@NullMarked
package io.art2mus.cli.generate;

import org.jspecify.annotations.NullMarked;
