package io.art2mus.data;

import org.jspecify.annotations.Nullable;

/**
 * A picture and the music that belongs to it.
 *
 * @param picture its path below the folder of pictures, without {@code ..}
 * @param music its path below the folder of music, without {@code ..}
 * @param style of the artwork; null where the table has none
 */
public record Pair(String picture, String music, @Nullable String style) {}
