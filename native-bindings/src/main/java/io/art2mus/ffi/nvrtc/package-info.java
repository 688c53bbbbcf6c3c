/** CUDA C++ compiled at run time by NVRTC, with the compiler's log in the error. */
@NullMarked
package io.art2mus.ffi.nvrtc;

import org.jspecify.annotations.NullMarked;
