/** oneDNN's primitives against plain Java in double precision. */
@NullMarked
package io.art2mus.ffi.onednn;

import org.jspecify.annotations.NullMarked;
