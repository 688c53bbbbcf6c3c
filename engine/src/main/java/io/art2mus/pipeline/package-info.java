/** From a checkpoint and a wish to a sound: one line an arrow of the data flow. */
@NullMarked
package io.art2mus.pipeline;

import org.jspecify.annotations.NullMarked;
