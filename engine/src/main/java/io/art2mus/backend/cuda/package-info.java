/** NVIDIA GPUs: products by cuBLASLt, convolutions by cuDNN, the rest by kernels of our own; a plan is one captured CUDA graph. */
@NullMarked
package io.art2mus.backend.cuda;

import org.jspecify.annotations.NullMarked;
