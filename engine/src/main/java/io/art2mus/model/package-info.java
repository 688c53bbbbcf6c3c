/** The models, each as the graphs it appends: T-UNet, autoencoder, vocoder, GPT-2 and the projections before it. */
@NullMarked
package io.art2mus.model;

import org.jspecify.annotations.NullMarked;
