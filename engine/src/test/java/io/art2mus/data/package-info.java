@NullMarked
package io.art2mus.data;

import org.jspecify.annotations.NullMarked;
