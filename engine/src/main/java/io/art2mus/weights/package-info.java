/**
 * Checkpoints in the Hugging Face layout, read directly: mapped tensors by name, and typed values of a {@code config.json}; and the
 * two formats of tensors written, a part at a time.
 * Every file is taken for hostile: bounds come before allocation, and nothing in a file is ever executed.
 */
@NullMarked
package io.art2mus.weights;

import org.jspecify.annotations.NullMarked;
