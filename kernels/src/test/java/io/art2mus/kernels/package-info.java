/** The kernel sources as a compiler sees them. */
@NullMarked
package io.art2mus.kernels;

import org.jspecify.annotations.NullMarked;
