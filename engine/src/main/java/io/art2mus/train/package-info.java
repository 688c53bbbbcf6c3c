/** Training of the image projection layer, with the gradient through the frozen T-UNet and GPT-2. */
@NullMarked
package io.art2mus.train;

import org.jspecify.annotations.NullMarked;
