/** Graphs on the CPU by oneDNN: every operation becomes one or a few primitives whose arguments are laid out once. */
@NullMarked
package io.art2mus.backend.cpu;

import org.jspecify.annotations.NullMarked;
