package io.art2mus.ffi.cuda;

/**
 * What only reports tell of a GPU.
 *
 * @param pciBusId its place on the machine's bus, as {@code 00000000:65:00.0}
 * @param coreHertz the fastest that its multiprocessors are clocked
 * @param memoryHertz the same of its memory; bits are carried on both edges
 * @param memoryBusBits how wide its memory is connected
 * @param secondLevelCacheBytes the cache that all multiprocessors share
 */
public record DeviceDetails(
        String pciBusId, long coreHertz, long memoryHertz, int memoryBusBits, long secondLevelCacheBytes) {}
