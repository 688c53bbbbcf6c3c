@NullMarked
package io.art2mus.pipeline;

import org.jspecify.annotations.NullMarked;
