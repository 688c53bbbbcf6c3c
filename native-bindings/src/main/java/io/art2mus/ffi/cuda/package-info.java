/** The CUDA driver: devices, the context of one, its memory, and kernels launched on streams. */
@NullMarked
package io.art2mus.ffi.cuda;

import org.jspecify.annotations.NullMarked;
