/** Sound files by libsndfile: reading and writing float frames, tags, and which formats this build of it can write. */
@NullMarked
package io.art2mus.ffi.sndfile;

import org.jspecify.annotations.NullMarked;
