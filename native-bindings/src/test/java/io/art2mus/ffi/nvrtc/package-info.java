/** NVRTC where it is found. */
@NullMarked
package io.art2mus.ffi.nvrtc;

import org.jspecify.annotations.NullMarked;
