/** Pairs of pictures and music, as training reads them: tables, splits, embeddings and latents. */
@NullMarked
package io.art2mus.data;

import org.jspecify.annotations.NullMarked;
