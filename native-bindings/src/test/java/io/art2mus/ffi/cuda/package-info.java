/** What must hold without a GPU, and on one. */
@NullMarked
package io.art2mus.ffi.cuda;

import org.jspecify.annotations.NullMarked;
