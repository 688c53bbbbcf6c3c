package io.art2mus.ffi;

/**
 * What entries of the cache take.
 *
 * @param entries how many
 * @param bytes on disk, in whole blocks
 */
public record CacheUsage(int entries, long bytes) {}
