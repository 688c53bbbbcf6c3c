/**
 * Hugging Face's tokenizers behind an owned layer. Of the library that carries them only the class of native methods is
 * used: the native is found and loaded like every other one, and none of its own start-up code runs.
 */
@NullMarked
package io.art2mus.ffi.tokenizers;

import org.jspecify.annotations.NullMarked;
