/** What the tests of all packages share: the table of tolerances. */
@NullMarked
package io.art2mus;

import org.jspecify.annotations.NullMarked;
