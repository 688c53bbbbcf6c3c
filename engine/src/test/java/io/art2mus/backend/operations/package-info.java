/** Every operation, declared once on awkward shapes, for the tests of all backends. */
@NullMarked
package io.art2mus.backend.operations;

import org.jspecify.annotations.NullMarked;
