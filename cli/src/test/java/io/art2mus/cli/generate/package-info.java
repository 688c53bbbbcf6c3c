/** {@code art2mus generate} and {@code replay} as a user meets them. */
@NullMarked
package io.art2mus.cli.generate;

import org.jspecify.annotations.NullMarked;
