/** Tests of the command, of the launcher beside it, and of the arrows between packages. */
@NullMarked
package io.art2mus.cli;

import org.jspecify.annotations.NullMarked;
