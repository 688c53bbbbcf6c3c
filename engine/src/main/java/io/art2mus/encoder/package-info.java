/**
 * Frozen networks that turn pictures, sounds and texts into vectors, run by ONNX Runtime on the checkpoint's mapped
 * weights; and the tokenizers before them.
 */
@NullMarked
package io.art2mus.encoder;

import org.jspecify.annotations.NullMarked;
