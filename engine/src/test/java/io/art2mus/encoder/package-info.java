@NullMarked
package io.art2mus.encoder;

import org.jspecify.annotations.NullMarked;
