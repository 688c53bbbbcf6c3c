/** How a sound was made: the record beside it, the tag in it, and the digests that both consist of. */
@NullMarked
package io.art2mus.provenance;

import org.jspecify.annotations.NullMarked;
