package io.art2mus.data;

import org.jspecify.annotations.Nullable;

/**
 * A row as it stands in a table, unchecked.
 *
 * @param name how errors call it
 */
record TableRow(
        String name,
        @Nullable String picture,
        @Nullable String music,
        @Nullable String style) {}
