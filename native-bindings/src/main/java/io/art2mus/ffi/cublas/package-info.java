/** cuBLAS: matrix products on a GPU. */
@NullMarked
package io.art2mus.ffi.cublas;

import org.jspecify.annotations.NullMarked;
