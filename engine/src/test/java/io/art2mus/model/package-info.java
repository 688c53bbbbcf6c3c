@NullMarked
package io.art2mus.model;

import org.jspecify.annotations.NullMarked;
