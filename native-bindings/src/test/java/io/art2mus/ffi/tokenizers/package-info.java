@NullMarked
package io.art2mus.ffi.tokenizers;

import org.jspecify.annotations.NullMarked;
