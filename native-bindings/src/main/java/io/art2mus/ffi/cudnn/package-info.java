/** cuDNN 9 through its backend (graph) interface. */
@NullMarked
package io.art2mus.ffi.cudnn;

import org.jspecify.annotations.NullMarked;
