@NullMarked
package io.art2mus.train;

import org.jspecify.annotations.NullMarked;
