/** What must hold where the libraries are found, with or without a GPU. */
@NullMarked
package io.art2mus.ffi.cublas;

import org.jspecify.annotations.NullMarked;
