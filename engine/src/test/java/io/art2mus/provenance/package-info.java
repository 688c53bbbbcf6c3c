@NullMarked
package io.art2mus.provenance;

import org.jspecify.annotations.NullMarked;
