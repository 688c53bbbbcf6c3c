/** Waveforms: their level, their spectra, and their files. */
@NullMarked
package io.art2mus.audio;

import org.jspecify.annotations.NullMarked;
