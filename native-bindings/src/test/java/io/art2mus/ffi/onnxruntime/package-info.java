@NullMarked
package io.art2mus.ffi.onnxruntime;

import org.jspecify.annotations.NullMarked;
