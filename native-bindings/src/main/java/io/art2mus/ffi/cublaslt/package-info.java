/** cuBLASLt: matrix products with epilogues on a GPU. */
@NullMarked
package io.art2mus.ffi.cublaslt;

import org.jspecify.annotations.NullMarked;
