/** NVIDIA Tools Extension: ranges of time under names, for NVIDIA's profilers. */
@NullMarked
package io.art2mus.ffi.nvtx;

import org.jspecify.annotations.NullMarked;
