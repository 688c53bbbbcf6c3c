/** What turns noise into latents: the noise schedule, the samplers, guidance, and PyTorch's random numbers. */
@NullMarked
package io.art2mus.diffusion;

import org.jspecify.annotations.NullMarked;
