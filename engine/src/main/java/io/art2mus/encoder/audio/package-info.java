/** From a waveform to what ImageBind's audio tower reads. */
@NullMarked
package io.art2mus.encoder.audio;

import org.jspecify.annotations.NullMarked;
