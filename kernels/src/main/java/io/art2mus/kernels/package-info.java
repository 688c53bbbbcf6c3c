/** CUDA kernels of our own: one source file an operation, and how to find it. */
@NullMarked
package io.art2mus.kernels;

import org.jspecify.annotations.NullMarked;
