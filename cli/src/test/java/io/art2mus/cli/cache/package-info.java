@NullMarked
package io.art2mus.cli.cache;

import org.jspecify.annotations.NullMarked;
