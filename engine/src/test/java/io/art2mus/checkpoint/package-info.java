@NullMarked
package io.art2mus.checkpoint;

import org.jspecify.annotations.NullMarked;
